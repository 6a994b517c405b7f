import { type CaseCounts, countCases, type TestCase } from '../../src/core/model/cases.js';
import type { Reading } from '../../src/frameworks/framework.js';

/** What a file of the fixtures comes to, in a process of its own as well as beside others in one that is kept. */
export type Expected = {
  readonly file: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly kind: Reading['kind'];
  readonly counts: CaseCounts;
  /** `status group > title` of each case, as `namesOf` writes it. */
  readonly names: readonly string[];
};

/** One row: the file, how its process ends, what that is, and its cases. */
export function row(file: string, end: number | NodeJS.Signals, kind: Reading['kind'], names: readonly string[]): Expected {
  const count = (status: string) => names.filter((name) => name.startsWith(`${status} `)).length;
  return {
    file,
    exitCode: typeof end === 'number' ? end : null,
    signal: typeof end === 'number' ? null : end,
    kind,
    counts: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    names,
  };
}

export const namesOf = (cases: readonly TestCase[]): string[] => cases.map(({ status, name }) => `${status} ${name.join(' > ')}`);

/** The counts and names of cases, as they stand in a row. */
export const shapeOf = (cases: readonly TestCase[]) => ({ counts: countCases(cases), names: namesOf(cases) });
