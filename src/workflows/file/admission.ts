import { PermitLedger, type Permits, permitsFor } from '../../core/model/permits.js';
import type { PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { Borrower } from '../sharing/borrow.js';
import type { Window } from './window.js';

/** Decides which file may start: its permits must be free within this workflow, and the window must have room. */
export class Admissions {
  readonly #window: Window;
  readonly #input: SuiteInput;
  readonly #ledger = new PermitLedger();
  #borrower: Borrower | undefined;

  constructor(window: Window, input: SuiteInput) {
    this.#window = window;
    this.#input = input;
  }

  /** The index of the first file that may start now, or -1. A file that only lacks room is not overtaken by a lighter one. */
  next(waiting: readonly { readonly file: PlannedFile }[]): number {
    const first = waiting.findIndex(({ file }) => this.#areFree(permitsFor(file)));
    const found = waiting[first];
    return found !== undefined && this.#window.hasRoom(weightOf(found.file)) ? first : -1;
  }

  /** Admits files found by `next`: one, or several that need nothing but room and run one after another. */
  admit(files: readonly [PlannedFile, ...PlannedFile[]], id: string): Admission {
    const [file] = files;
    const permits = permitsFor(file);
    if (permits !== null) {
      this.#ledger.take(permits);
      this.#borrower ??= new Borrower(this.#input);
    }
    const admission = new Admission(this.#window, weightOf(file), permits === null ? null : this.#loanOf(id, permits));
    if (permits === null) admission.enterAtOnce();
    return admission;
  }

  /** For a file that shared a dispatch and has to continue alone. It has no room in the window yet. */
  readmit(file: PlannedFile): Admission {
    return new Admission(this.#window, weightOf(file), null);
  }

  #areFree(permits: Permits | null): boolean {
    return permits === null || this.#ledger.fits(permits, this.#input.resources ?? {});
  }

  #loanOf(id: string, permits: Permits): Loan {
    return {
      borrow: async () => this.#borrower?.borrow(id, permits),
      giveBack: async () => {
        this.#ledger.giveBack(permits);
        await this.#borrower?.giveBack(id);
      },
    };
  }
}

type Loan = { borrow(): Promise<void>; giveBack(): Promise<void> };

/** What a file needs to be in flight: room in the window, and permits, which it keeps until it has its verdict. */
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

  /** It waits for permits that another run may hold. */
  get isWaiting(): boolean {
    return this.#loan !== null && !this.#hasLoan;
  }

  /** It has everything it needs. */
  get isTaken(): boolean {
    return this.#isInside && !this.isWaiting;
  }

  /** Others may wait for its permits, so its retries are not deferred. */
  get holdsPermits(): boolean {
    return this.#loan !== null;
  }

  /** Takes room that `Admissions.next` has found. */
  enterAtOnce(): void {
    this.#window.enter(this.#weight);
    this.#isInside = true;
  }

  /** Acquires permits before room in the window, so that waiting for permits does not block a slot. */
  async take(): Promise<void> {
    if (this.#loan !== null && !this.#hasLoan) {
      await this.#loan.borrow();
      this.#hasLoan = true;
    }
    if (this.#isInside) return;
    await this.#window.waitToEnter(this.#weight);
    this.#isInside = true;
  }

  /** Frees its room in the window, for instance while it waits. */
  leave(): void {
    if (this.#isInside) this.#window.leave(this.#weight);
    this.#isInside = false;
  }

  async giveBack(): Promise<void> {
    this.leave();
    await this.#loan?.giveBack();
  }
}

/** Number of slots that a file takes on its worker. */
export function weightOf({ slots = 1 }: Pick<PlannedFile, 'slots'>): number {
  return slots;
}
