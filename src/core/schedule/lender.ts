import { type Capacities, PermitLedger, type Permits } from '../model/permits.js';

/** Who asks for what. One borrower may ask for several things, each under an id of its own. */
export type Request = {
  /** Workflow id of the borrower. */
  readonly borrower: string;
  readonly id: string;
  readonly permits: Permits;
  /** Of all that the permits names; the newest word counts. */
  readonly capacities: Capacities;
};

/** All that a lender knows. */
export type LenderState = { readonly lent: readonly Request[]; readonly waiting: readonly Request[] };

/**
 * Lends resources in the order in which they were asked for: a later request goes ahead of one that waits only where the two have no resource
 * in common, so nobody waits for ever.
 */
export class Lender {
  readonly #ledger = new PermitLedger();
  #lent: readonly Request[] = [];
  #waiting: readonly Request[];

  constructor({ lent, waiting }: LenderState) {
    for (const request of lent) this.#lend(request);
    this.#waiting = waiting;
  }

  get state(): LenderState {
    return { lent: this.#lent, waiting: this.#waiting };
  }

  /** Asked again for the same, nothing changes. */
  ask(request: Request): void {
    if (![...this.#lent, ...this.#waiting].some((other) => isSame(other, request))) this.#waiting = [...this.#waiting, request];
  }

  /** Takes back what was lent, or forgets what was asked for. */
  giveBack(borrower: string, id: string): void {
    this.#drop((request) => isSame(request, { borrower, id }));
  }

  /** Takes everything back from borrowers that are gone. */
  forget(isGone: (borrower: string) => boolean): void {
    this.#drop(({ borrower }) => isGone(borrower));
  }

  /** Lends what can be lent now, and returns to whom. */
  lend(): readonly Request[] {
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

  #lend(request: Request): void {
    this.#ledger.take(request.permits);
    this.#lent = [...this.#lent, request];
  }

  #drop(isMeant: (request: Request) => boolean): void {
    for (const request of this.#lent) if (isMeant(request)) this.#ledger.giveBack(request.permits);
    this.#lent = this.#lent.filter((request) => !isMeant(request));
    this.#waiting = this.#waiting.filter((request) => !isMeant(request));
  }
}

function isSame(a: Pick<Request, 'borrower' | 'id'>, b: Pick<Request, 'borrower' | 'id'>): boolean {
  return a.borrower === b.borrower && a.id === b.id;
}
