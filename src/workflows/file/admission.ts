import { type Claim, claimOf, Ledger } from '../../core/model/claims.js';
import type { PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { Borrower } from '../sharing/borrow.js';
import type { Window } from './window.js';

/** Lets files into flight: those whose claims no other file of this workflow holds, while the window has room. */
export class Admissions {
  readonly #window: Window;
  readonly #input: SuiteInput;
  readonly #ledger = new Ledger();
  #borrower: Borrower | undefined;

  constructor(window: Window, input: SuiteInput) {
    this.#window = window;
    this.#input = input;
  }

  /** The place in the list of the first file that may start now, or -1. A file that only needs room is not overtaken by a lighter one. */
  next(waiting: readonly { readonly file: PlannedFile }[]): number {
    const first = waiting.findIndex(({ file }) => this.#areFree(claimOf(file)));
    const found = waiting[first];
    return found !== undefined && this.#window.hasRoom(weightOf(found.file)) ? first : -1;
  }

  /** Admits files that `next` has named: one, or several that need nothing but room and run one after the other. */
  admit(files: readonly [PlannedFile, ...PlannedFile[]], id: string): Admission {
    const [file] = files;
    const claim = claimOf(file);
    if (claim !== null) {
      this.#ledger.take(claim);
      this.#borrower ??= new Borrower(this.#input);
    }
    const admission = new Admission(this.#window, weightOf(file), claim === null ? null : this.#loanOf(id, claim));
    if (claim === null) admission.enterAtOnce();
    return admission;
  }

  /** For a file that was admitted with others and has to go on alone. It has no room yet. */
  readmit(file: PlannedFile): Admission {
    return new Admission(this.#window, weightOf(file), null);
  }

  #areFree(claim: Claim | null): boolean {
    return claim === null || this.#ledger.fits(claim, this.#input.resources ?? {});
  }

  #loanOf(id: string, claim: Claim): Loan {
    return {
      borrow: async () => this.#borrower?.borrow(id, claim),
      giveBack: async () => {
        this.#ledger.giveBack(claim);
        await this.#borrower?.giveBack(id);
      },
    };
  }
}

type Loan = { borrow(): Promise<void>; giveBack(): Promise<void> };

/** What a file needs to be in flight: its claims, until it has its verdict, and room in the window. */
export class Admission {
  readonly #window: Window;
  readonly #weight: number;
  readonly #loan: Loan | null;
  #isInside = false;
  #hasLoan = false;

  constructor(window: Window, weight: number, loan: Loan | null) {
    this.#window = window;
    this.#weight = weight;
    this.#loan = loan;
  }

  /** Somebody else may hold what it needs. */
  get isWaiting(): boolean {
    return this.#loan !== null && !this.#hasLoan;
  }

  /** It has all it needs. */
  get isTaken(): boolean {
    return this.#isInside && !this.isWaiting;
  }

  /** Others wait for its claims: its repeats are not put off. */
  get holdsClaims(): boolean {
    return this.#loan !== null;
  }

  /** The window has room: `Admissions.next` has looked. */
  enterAtOnce(): void {
    this.#window.enter(this.#weight);
    this.#isInside = true;
  }

  /** Acquires its claims before room in the window: waiting for a claim must not block a slot. */
  async take(): Promise<void> {
    if (this.#loan !== null && !this.#hasLoan) {
      await this.#loan.borrow();
      this.#hasLoan = true;
    }
    if (this.#isInside) return;
    await this.#window.waitToEnter(this.#weight);
    this.#isInside = true;
  }

  /** Makes room while it waits for something. */
  leave(): void {
    if (this.#isInside) this.#window.leave(this.#weight);
    this.#isInside = false;
  }

  async giveBack(): Promise<void> {
    this.leave();
    await this.#loan?.giveBack();
  }
}

/** Slots of a worker that a file takes. */
export function weightOf({ slots = 1 }: Pick<PlannedFile, 'slots'>): number {
  return slots;
}
