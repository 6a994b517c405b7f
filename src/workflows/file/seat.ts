import { type Claim, claimOf, Ledger } from '../../core/model/claims.js';
import type { PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { Borrower } from '../sharing/borrow.js';
import type { Window } from './window.js';

/** Who may have a seat: files whose claims no other file of this workflow holds, while the window has room. */
export class Seating {
  readonly #window: Window;
  readonly #input: SuiteInput;
  readonly #ledger = new Ledger();
  #borrower: Borrower | undefined;

  constructor(window: Window, input: SuiteInput) {
    this.#window = window;
    this.#input = input;
  }

  /** The place in the list of the first file that may start now, or -1. A file that only needs room is not overtaken by a lighter one. */
  next(waiting: readonly (readonly [index: number, file: PlannedFile])[]): number {
    const first = waiting.findIndex(([, file]) => this.#areFree(claimOf(file)));
    const found = waiting[first];
    return found !== undefined && this.#window.hasRoom(weightOf(found[1])) ? first : -1;
  }

  /** A seat for a file that `next` has named. */
  reserve(file: PlannedFile, id: string): Seat {
    const claim = claimOf(file);
    if (claim !== null) {
      this.#ledger.take(claim);
      this.#borrower ??= new Borrower(this.#input);
    }
    const seat = new Seat(this.#window, weightOf(file), claim === null ? null : this.#loanOf(id, claim));
    if (claim === null) seat.enterAtOnce();
    return seat;
  }

  /** A seat for several files that run one after the other. */
  reserveForChunk(): Seat {
    const seat = new Seat(this.#window, 1, null);
    seat.enterAtOnce();
    return seat;
  }

  /** A seat for one of them, in case that it has to run again by itself. */
  inReserve(file: PlannedFile): Seat {
    return new Seat(this.#window, weightOf(file), null);
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
export class Seat {
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

  /** The window has room: `Seating.next` has looked. */
  enterAtOnce(): void {
    this.#window.enter(this.#weight);
    this.#isInside = true;
  }

  /** Waits for its claims first: what waits for room holds up nobody's claims for long, but who waits for claims must not hold room. */
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
