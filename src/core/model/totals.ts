import { EXIT, type ExitCode } from '../errors.js';
import { type FileKey, keyOf } from '../plan/order.js';
import type { AttemptRecord, Verdict } from './attempt.js';
import { addCounts, type CaseCounts, NO_CASES } from './cases.js';
import type { RunStatus, Totals } from './suite.js';

/** Number of files by verdict. */
export type VerdictCounts = Record<Verdict, number>;

/** Zero for every verdict; a new object, which the caller may mutate. */
export function emptyVerdicts(): VerdictCounts {
  return { passed: 0, flaky: 0, failed: 0, quarantined: 0, skipped: 0, notRun: 0, infraError: 0 };
}

/** What one file contributes to the totals. */
export type JudgedFile = FileKey & { readonly verdict: Verdict; readonly cases: CaseCounts };

/**
 * Counts the verdicts of a run or a batch. Only the first verdict of a planned file counts; any other, and a verdict of a file
 * that was not planned, is `countedTwice`. A file without a verdict stays `lost`.
 */
export class Tally {
  readonly #pending: Set<string>;
  readonly #planned: number;
  readonly #verdicts = emptyVerdicts();
  #countedTwice = 0;
  #cases = NO_CASES;

  constructor(planned: readonly FileKey[]) {
    this.#pending = new Set(planned.map(keyOf));
    this.#planned = planned.length;
  }

  add(file: JudgedFile): void {
    if (!this.#pending.delete(keyOf(file))) {
      this.#countedTwice += 1;
      return;
    }
    this.#verdicts[file.verdict] += 1;
    this.#cases = addCounts(this.#cases, file.cases);
  }

  totals(): Totals {
    const judged = sum(this.#verdicts);
    return {
      planned: this.#planned,
      ...this.#verdicts,
      lost: this.#planned - judged,
      countedTwice: this.#countedTwice,
      cases: this.#cases,
    };
  }
}

/** The totals of results in any order. */
export function totalsOf(planned: readonly FileKey[], results: Iterable<JudgedFile>): Totals {
  const tally = new Tally(planned);
  for (const result of results) tally.add(result);
  return tally.totals();
}

/** Merges the totals of a run's batches. Files that are missing from `planned` are lost; surplus ones are counted twice. */
export function mergeTotals(planned: number, batches: Iterable<Totals>): Totals {
  const verdicts = emptyVerdicts();
  let countedTwice = 0;
  let cases = NO_CASES;
  for (const batch of batches) {
    for (const verdict of VERDICTS) verdicts[verdict] += batch[verdict];
    countedTwice += batch.countedTwice;
    cases = addCounts(cases, batch.cases);
  }
  const missing = planned - sum(verdicts);
  return { planned, ...verdicts, lost: Math.max(0, missing), countedTwice: countedTwice + Math.max(0, -missing), cases };
}

/** The totals of `planned` files of which none ran. */
export function notRunTotals(planned: number): Totals {
  return { planned, ...emptyVerdicts(), notRun: planned, lost: 0, countedTwice: 0, cases: NO_CASES };
}

/** Cases of the last attempt, which decides the verdict; none if it was lost. */
export function decidingCounts(attempts: readonly AttemptRecord[]): CaseCounts {
  const last = attempts.at(-1)?.outcome;
  return last === undefined || last.kind === 'lost' ? NO_CASES : last.counts;
}

/** A line that lets a reader check that no file is missing. */
export function proofLine(totals: Totals): string {
  const parts = VERDICTS.map((verdict) => `${VERDICT_WORDS[verdict]} ${totals[verdict]}`).join(' + ');
  return `planned ${totals.planned} = ${parts}; lost ${totals.lost}; counted twice ${totals.countedTwice}`;
}

/** Verdicts as shown to people. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  passed: 'passed',
  flaky: 'flaky',
  failed: 'failed',
  quarantined: 'quarantined',
  skipped: 'skipped',
  notRun: 'not run',
  infraError: 'infra-error',
};
/** Every verdict, in display order. */
export const VERDICTS = Object.keys(VERDICT_WORDS) as readonly Verdict[];

function sum(counts: Readonly<VerdictCounts>): number {
  return VERDICTS.reduce((total, verdict) => total + counts[verdict], 0);
}

/** What determines the status and exit code of a run. */
export type RunEnd = {
  readonly totals: Totals;
  readonly cancelled: boolean;
  readonly failOnFlaky: boolean;
  readonly passWithNoTests: boolean;
  /** Error that kept the run from judging its files; else null. */
  readonly problem: string | null;
  /** It ended before every file ran, because of `maxFailures` or its timeout. */
  readonly stoppedEarly: boolean;
};

/** The status of a run that has ended. */
export function statusOf(end: RunEnd): RunStatus {
  return ENDINGS[endingOf(end)].status;
}

/** The exit code of `holdfast run`. */
export function exitCodeOf(end: RunEnd): ExitCode {
  return ENDINGS[endingOf(end)].exitCode;
}

const ENDINGS = {
  cancelled: { status: 'cancelled', exitCode: EXIT.cancelled },
  red: { status: 'failed', exitCode: EXIT.testsFailed },
  incomplete: { status: 'incomplete', exitCode: EXIT.incomplete },
  empty: { status: 'incomplete', exitCode: EXIT.noTests },
  green: { status: 'passed', exitCode: EXIT.ok },
} as const;

/** A failure outweighs a missing verdict, because it is certain. */
function endingOf({ totals, cancelled, failOnFlaky, passWithNoTests, problem, stoppedEarly }: RunEnd): keyof typeof ENDINGS {
  if (cancelled) return 'cancelled';
  if (totals.failed > 0 || (failOnFlaky && totals.flaky > 0)) return 'red';
  if (problem !== null || stoppedEarly || totals.notRun > 0 || totals.infraError > 0 || !addsUp(totals)) return 'incomplete';
  if (totals.skipped === totals.planned && !passWithNoTests) return 'empty';
  return 'green';
}

function addsUp(totals: Totals): boolean {
  return totals.lost === 0 && totals.countedTwice === 0 && totals.planned === sum(totals);
}
