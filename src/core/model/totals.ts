import { EXIT, type ExitCode } from '../errors.js';
import { type FileKey, keyOf } from '../plan/order.js';
import type { AttemptRecord, Verdict } from './attempt.js';
import { addCounts, type CaseCounts, NO_CASES } from './cases.js';
import type { RunStatus, Totals } from './suite.js';

/** How many files have which verdict. */
export type VerdictCounts = Record<Verdict, number>;

/** None of any. A fresh object: the caller may count in it. */
export function emptyVerdicts(): VerdictCounts {
  return { passed: 0, flaky: 0, failed: 0, quarantined: 0, skipped: 0, notRun: 0, infraError: 0 };
}

/** What a file adds to the totals. */
export type JudgedFile = FileKey & { readonly verdict: Verdict; readonly cases: CaseCounts };

/**
 * Keeps the books of a run, or of one batch of it. Only the first verdict of a planned file counts; any other is `countedTwice`,
 * and so is a verdict of a file that was never planned. What has none stays `lost`.
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

/** The totals of these verdicts, in any order. */
export function totalsOf(planned: readonly FileKey[], results: Iterable<JudgedFile>): Totals {
  const tally = new Tally(planned);
  for (const result of results) tally.add(result);
  return tally.totals();
}

/** The totals of a run of so many files from those of its batches. What no batch answers for is lost; what is too much is counted twice. */
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

/** The totals of so many files that never had their turn. */
export function notRunTotals(planned: number): Totals {
  return { planned, ...emptyVerdicts(), notRun: planned, lost: 0, countedTwice: 0, cases: NO_CASES };
}

/** Cases of the attempt that decided: those of an attempt that was repeated or lost do not count. */
export function decidingCounts(attempts: readonly AttemptRecord[]): CaseCounts {
  const last = attempts.at(-1)?.outcome;
  return last === undefined || last.kind === 'lost' ? NO_CASES : last.counts;
}

/** The one line that lets a reader check that nothing is missing. */
export function proofLine(totals: Totals): string {
  const parts = VERDICTS.map((verdict) => `${VERDICT_WORDS[verdict]} ${totals[verdict]}`).join(' + ');
  return `planned ${totals.planned} = ${parts}; lost ${totals.lost}; counted twice ${totals.countedTwice}`;
}

/** Verdicts as people read them. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  passed: 'passed',
  flaky: 'flaky',
  failed: 'failed',
  quarantined: 'quarantined',
  skipped: 'skipped',
  notRun: 'not run',
  infraError: 'infra-error',
};
/** Every verdict, in the order they are told. */
export const VERDICTS = Object.keys(VERDICT_WORDS) as readonly Verdict[];

function sum(counts: Readonly<VerdictCounts>): number {
  return VERDICTS.reduce((total, verdict) => total + counts[verdict], 0);
}

/** What decides over the end of a run, beside the verdicts. */
export type RunEnd = {
  readonly totals: Totals;
  readonly cancelled: boolean;
  readonly failOnFlaky: boolean;
  readonly passWithNoTests: boolean;
  /** Why the run could not judge; null when it could. */
  readonly problem: string | null;
  /** Ended before every file had its turn, by `maxFailures` or a deadline of the run. */
  readonly stoppedEarly: boolean;
};

/** How the run ended, in a word. */
export function statusOf(end: RunEnd): RunStatus {
  return ENDINGS[endingOf(end)].status;
}

/** The exit code of `holdfast run`: the same end, told to a script. */
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

/** A failure outweighs what is missing: it is certain. Green is what is left when nothing speaks against it. */
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
