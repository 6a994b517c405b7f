import { DEFAULTS } from '../defaults.js';
import type { SuiteInput } from '../model/suite.js';
import { retriesFor } from './retry.js';

/** What the files of a run share: retries, counted, and speculative attempts, in ms of work. */
export type BudgetName = 'retries' | 'copies';

/** A budget that all files of a run draw on. */
export type RunBudget = {
  /** For the whole run; Infinity if unlimited. */
  readonly limit: number;
  /** Nothing is left. */
  readonly isUsedUp: boolean;
  /** Takes an amount. If less is left, takes nothing and returns false. */
  take(amount: number): boolean | Promise<boolean>;
};

export type RunBudgets = Readonly<Record<BudgetName, RunBudget>>;

/** The budgets of a run, from its number of files and their estimated work. */
export function runBudgetsFor(
  { planned, workMs, longestMs }: { readonly planned: number; readonly workMs: number; readonly longestMs: number },
  { retry }: Pick<SuiteInput, 'retry'>,
): Record<BudgetName, LocalBudget> {
  return {
    retries: new LocalBudget(retriesFor(planned, retry?.maxTotal ?? null)),
    copies: new LocalBudget(Math.max(longestMs, DEFAULTS.copyShare * workMs)), // Always enough for one speculative attempt.
  };
}

/** A budget kept by the workflow that uses it. */
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
