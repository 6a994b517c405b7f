import { type Capacities, PermitLedger, type Permits } from '../model/permits.js';

/** A borrower's request for permits. A borrower may have several requests with different ids. */
export type PermitRequest = {
  /** Workflow id of the borrower. */
  readonly borrower: string;
  readonly id: string;
  readonly permits: Permits;
  /** The capacity of every semaphore in `permits`. */
  readonly capacities: Capacities;
};

/** The whole state of a lender. */
export type LenderState = { readonly lent: readonly PermitRequest[]; readonly waiting: readonly PermitRequest[] };

/** Grants requests in order of arrival. A request overtakes a waiting one only if the two share no semaphore, so none starves. */
export class Lender {
  readonly #ledger = new PermitLedger();
  #lent: readonly PermitRequest[] = [];
  #waiting: readonly PermitRequest[];

  constructor({ lent, waiting }: LenderState) {
    for (const request of lent) this.#lend(request);
    this.#waiting = waiting;
  }

  get state(): LenderState {
    return { lent: this.#lent, waiting: this.#waiting };
  }

  /** Idempotent: repeating a request changes nothing. */
  ask(request: PermitRequest): void {
    if (![...this.#lent, ...this.#waiting].some((other) => isSame(other, request))) this.#waiting = [...this.#waiting, request];
  }

  /** Takes the permits of a request back, or drops it if it is waiting. */
  giveBack(borrower: string, id: string): void {
    this.#drop((request) => isSame(request, { borrower, id }));
  }

  /** Drops all requests of borrowers that are gone. */
  forget(isGone: (borrower: string) => boolean): void {
    this.#drop(({ borrower }) => isGone(borrower));
  }

  /** Grants every request that can be granted now, and returns these requests. */
  lend(): readonly PermitRequest[] {
    const blocked = new Set<string>();
    const granted = this.#waiting.filter((request) => {
      const names = Object.keys(request.permits);
      const canHave = !names.some((name) => blocked.has(name)) && this.#ledger.fits(request.permits, request.capacities);
      if (canHave) this.#lend(request);
      else for (const name of names) blocked.add(name);
      return canHave;
    });
    this.#waiting = this.#waiting.filter((request) => !granted.includes(request));
    return granted;
  }

  #lend(request: PermitRequest): void {
    this.#ledger.take(request.permits);
    this.#lent = [...this.#lent, request];
  }

  #drop(matches: (request: PermitRequest) => boolean): void {
    for (const request of this.#lent) if (matches(request)) this.#ledger.giveBack(request.permits);
    this.#lent = this.#lent.filter((request) => !matches(request));
    this.#waiting = this.#waiting.filter((request) => !matches(request));
  }
}

function isSame(a: Pick<PermitRequest, 'borrower' | 'id'>, b: Pick<PermitRequest, 'borrower' | 'id'>): boolean {
  return a.borrower === b.borrower && a.id === b.id;
}
