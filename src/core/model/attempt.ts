import type { Load } from '../fleet/load.js';
import type { CaseCounts, FailureExcerpt, TestCase } from './cases.js';
import type { ClaimChecks } from './claim-check.js';
import type { Clash } from './clash.js';

/** What is recorded for every attempt whose process ran. */
export type ProcessResult = {
  readonly durationMs: number;
  /** null if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`; null if it exited. */
  readonly signal: string | null;
  readonly counts: CaseCounts;
  readonly failures: readonly FailureExcerpt[];
  /** The end of the output; empty for an attempt that passed. */
  readonly outputTail: string;
  /** Address of the whole output in the object store; null if there was none. */
  readonly output: string | null;
  /** The test cases. */
  readonly report: ClaimChecks<TestCase>;
  /** Load of the machine during the attempt, if it could be measured. */
  readonly load?: Load;
  /** `false`: no retry, because its output matches none of the patterns that allow one. */
  readonly mayRepeat?: false;
  /** It comes from a speculative attempt. */
  readonly isCopy?: true;
  /** All failed cases are quarantined. */
  readonly isQuarantined?: true;
  /** It passed alone, but was red in a process that had run these files before it. Only the last ones are named. */
  readonly redAfter?: readonly string[];
  /** For a red attempt: the files that ran on its machine at the same time. Only the first ones are named. Undefined: none did. */
  readonly beside?: readonly string[];
  /** For a red attempt beside others: what its output says it could not have. */
  readonly clash?: Clash;
  /** A second look at a file that was red beside others: it had the machine to itself. */
  readonly alone?: true;
  /** A look at a file that is red by itself: it ran in one process after these files. Only the last ones are named. */
  readonly after?: readonly string[];
  /** What kept its process alive after its cases had ended, such as `Timeout`. Undefined: it ended by itself. */
  readonly stayedOpen?: readonly string[];
  /** Addresses of its raw coverage in the object store; several for a file in parts. Undefined: none was measured. */
  readonly coverage?: readonly string[];
  /** For the first file of a framework call that runs several: the overhead of the call. */
  readonly callMs?: number;
  /** For a part of a file: how many cases it left to the other parts; null if the framework does not report that. */
  readonly left?: number | null;
  /** For a file in parts: the result of each part. The duration of the file is their sum. */
  readonly parts?: readonly PartRun[];
};

/** What one part contributes to an attempt of its file. */
export type PartRun = {
  readonly number: number;
  /** The number of the part's attempt. Lower than that of the file when the part needed fewer. */
  readonly attempt: number;
  readonly outcome: TestOutcome['kind'];
  readonly worker: string | null;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Cases it ran. */
  readonly cases: number;
  readonly left: number | null;
  readonly output: string | null;
  readonly load?: Load;
};

/** What ended an attempt past its timeout: the signal that sufficed, or the server because the worker could not. */
export type TimeoutEnd = 'SIGTERM' | 'SIGKILL' | 'server';

/** Why an attempt ended without a test result. */
export type LossCause = 'preempted' | 'heartbeatTimeout' | 'leaseLost' | 'paused' | 'broken' | 'infrastructure';

/** How one run of a test file ended. A red test is a value, never an exception. */
export type AttemptOutcome =
  | (ProcessResult & { readonly kind: 'passed' })
  | (ProcessResult & { readonly kind: 'failed' })
  | (ProcessResult & { readonly kind: 'timedOut'; readonly endedBy: TimeoutEnd; readonly timeoutMs: number })
  /** The process died or exited without a complete report. Whether the test or the machine is to blame is unknown. */
  | (ProcessResult & { readonly kind: 'crashed'; readonly reason: string })
  /** `isError`: the framework treats a file without tests as a failure. */
  | (ProcessResult & { readonly kind: 'noTests'; readonly isError: boolean })
  | {
      readonly kind: 'lost';
      readonly cause: LossCause;
      readonly reason: string;
      readonly atMs: number;
      /** Address of the output, if there was time to save it. */
      readonly output?: string | null;
      /** For a loss of a part: its next start, epoch ms; null if there was none. Undefined: the next attempt's start. */
      readonly resumedAtMs?: number | null;
    };

export type TestOutcome = Exclude<AttemptOutcome, { kind: 'lost' }>;

/** One attempt, recorded by its worker, or by the workflow if no worker reported it. Times are epoch ms. */
export type AttemptRecord = {
  /** `host/pid`; null if the attempt was lost before any worker reported it. */
  readonly worker: string | null;
  readonly startedAtMs: number;
  readonly outcome: AttemptOutcome;
};

/** The result of a file after all its attempts. */
export type Verdict = 'passed' | 'flaky' | 'failed' | 'quarantined' | 'skipped' | 'notRun' | 'infraError';

/** Limits for one test file. Attempts and losses are counted separately, because a lost machine is not the test's fault. */
export type Budget = { readonly maxAttempts: number; readonly maxLosses: number };

export type NextStep = { readonly kind: 'runAgain' } | { readonly kind: 'done'; readonly verdict: Verdict };

const RUN_AGAIN: NextStep = { kind: 'runAgain' };
const done = (verdict: Verdict): NextStep => ({ kind: 'done', verdict });

/** What to do with a test file after these outcomes, oldest first. */
export function nextStep(outcomes: readonly AttemptOutcome[], { maxAttempts, maxLosses }: Budget): NextStep {
  const losses = outcomes.filter(({ kind }) => kind === 'lost').length;
  const attempts = outcomes.length - losses;
  const last = outcomes.at(-1);
  switch (last?.kind) {
    case undefined:
      return RUN_AGAIN;
    case 'passed':
      return done(attempts === 1 && last.redAfter === undefined ? 'passed' : 'flaky');
    case 'noTests':
      if (!last.isError) return done(attempts === 1 ? 'skipped' : 'flaky');
      return mayRepeat(last) && attempts < maxAttempts ? RUN_AGAIN : done('failed');
    case 'failed':
    case 'timedOut':
    case 'crashed':
      return mayRepeat(last) && attempts < maxAttempts ? RUN_AGAIN : done('failed');
    case 'lost':
      return losses <= maxLosses ? RUN_AGAIN : done('infraError');
  }
}

/** A second look comes after all retries, so its red is the last word. */
function mayRepeat({ mayRepeat: isAllowed, alone, after }: TestOutcome): boolean {
  return isAllowed !== false && alone === undefined && after === undefined;
}
