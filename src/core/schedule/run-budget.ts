import { DEFAULTS } from '../defaults.js';
import type { SuiteInput } from '../model/suite.js';
import { retriesFor } from './retry.js';

/** What the files of a run use up together: retries of red attempts, by number; second copies of slow ones, by ms of work. */
export type Shared = 'retries' | 'copies';

/** A budget of which several take. */
export type RunBudget = {
  /** Of the whole run; Infinity for no limit. */
  readonly limit: number;
  /** Nothing is left. */
  readonly isUsedUp: boolean;
  /** False when so much is not left: nothing is taken then. */
  take(amount: number): boolean | Promise<boolean>;
};

export type RunBudgets = Readonly<Record<Shared, RunBudget>>;

/** What a run has, by its number of files and their expected work. */
export function runBudgetsFor(
  { planned, workMs, longestMs }: { readonly planned: number; readonly workMs: number; readonly longestMs: number },
  { retry }: Pick<SuiteInput, 'retry'>,
): Record<Shared, LocalBudget> {
  return {
    retries: new LocalBudget(retriesFor(planned, retry?.maxTotal ?? null)),
    copies: new LocalBudget(Math.max(longestMs, DEFAULTS.copyShare * workMs)), // One copy may always be afforded.
  };
}

/** An budget that is kept where it is used. */
export class LocalBudget implements RunBudget {
  readonly limit: number;
  #left: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#left = limit;
  }

  get isUsedUp(): boolean {
    return this.#left <= 0;
  }

  take(amount: number): boolean {
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
