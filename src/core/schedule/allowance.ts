import type { SuiteInput } from '../model/suite.js';
import { retriesFor } from './retry.js';

/** What the files of a run may use up together: repeats of red attempts, and second copies of slow ones. */
export type Shared = 'repeats' | 'copies';

/** How often something may still be done. */
export type Allowance = {
  /** Of the whole run; Infinity for no limit. */
  readonly limit: number;
  /** No use in asking. */
  readonly isUsedUp: boolean;
  /** False when none is left. */
  take(): boolean | Promise<boolean>;
};

export type Allowances = Readonly<Record<Shared, Allowance>>;

/** What a run of so many files has. */
export function allowancesOf(
  files: number,
  { retry, speculation }: Pick<SuiteInput, 'retry' | 'speculation'>,
): Record<Shared, Purse> {
  return {
    repeats: new Purse(retriesFor(files, retry?.maxTotal ?? null)),
    copies: new Purse(speculation?.maxCopies ?? 0),
  };
}

/** An allowance that is kept where it is used. */
export class Purse implements Allowance {
  readonly limit: number;
  #left: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#left = limit;
  }

  get isUsedUp(): boolean {
    return this.#left <= 0;
  }

  take(): boolean {
    if (this.isUsedUp) return false;
    this.#left -= 1;
    return true;
  }
}
