import type { Load } from '../fleet/load.js';
import type { CaseCounts, FailureExcerpt, TestCase } from './cases.js';
import type { ClaimChecks } from './claim-check.js';

/** What is known of every attempt whose process ran. */
export type Ran = {
  readonly durationMs: number;
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** Such as `SIGKILL`; null when it exited. */
  readonly signal: string | null;
  readonly counts: CaseCounts;
  readonly failures: readonly FailureExcerpt[];
  /** End of the output; empty when the attempt passed. */
  readonly outputTail: string;
  /** Address of the whole output in the object store; null when there was none. */
  readonly output: string | null;
  /** Its cases. */
  readonly report: ClaimChecks<TestCase>;
  /** What the machine was doing meanwhile, where it could be told. */
  readonly load?: Load;
  /** False: what it said is none of what is repeated. */
  readonly mayRepeat?: false;
  /** Said by a second copy of a slow attempt. */
  readonly isCopy?: true;
  /** Every case that failed is one that may. */
  readonly isQuarantined?: true;
  /** It passed by itself, and was red in a process that had run these files before it; the last of them. */
  readonly redAfter?: readonly string[];
  /** Of the first file of a call for several: what the call took beside it. */
  readonly callMs?: number;
  /** Of a part of a file: cases it saw and left to the other parts; null where its framework does not name them. */
  readonly left?: number | null;
  /** Of a file in parts: what each part has said. Its duration is their sum. */
  readonly parts?: readonly PartRun[];
};

/** What one part of a file adds to an attempt of the file. */
export type PartRun = {
  readonly number: number;
  /** Which attempt of the part it was: below that of the file where the part did not need another. */
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

export type Deadline = 'soft' | 'hard' | 'startToClose';

/** Why an attempt ended without saying anything about the test. */
export type LossCause = 'preempted' | 'heartbeatTimeout' | 'leaseLost' | 'paused' | 'broken' | 'infrastructure';

/** How one run of a test file ended. A red test is a value, never an exception. */
export type AttemptOutcome =
  | (Ran & { readonly kind: 'passed' })
  | (Ran & { readonly kind: 'failed' })
  | (Ran & { readonly kind: 'timedOut'; readonly deadline: Deadline; readonly deadlineMs: number })
  /** The process died or left without a complete report: the test's doing or the machine's, it is not known. */
  | (Ran & { readonly kind: 'crashed'; readonly reason: string })
  /** `isError`: this framework calls a file without tests a failure. */
  | (Ran & { readonly kind: 'noTests'; readonly isError: boolean })
  | {
      readonly kind: 'lost';
      readonly cause: LossCause;
      readonly reason: string;
      readonly atMs: number;
      /** Address of what it had printed, where there was time to save it. */
      readonly output?: string | null;
      /** When its part of the file went on, epoch ms; null when it did not. Undefined where the next attempt tells. */
      readonly resumedAtMs?: number | null;
    };

export type TestOutcome = Exclude<AttemptOutcome, { kind: 'lost' }>;

/** One attempt as a worker (or, of a lost one, the workflow) tells it. Times are epoch ms. */
export type AttemptRecord = {
  /** `host/pid`; null when the attempt was lost before any worker was known to have it. */
  readonly worker: string | null;
  readonly startedAtMs: number;
  readonly outcome: AttemptOutcome;
};

/** What the suite says of a file after all its attempts. */
export type Verdict = 'passed' | 'flaky' | 'failed' | 'quarantined' | 'skipped' | 'notRun' | 'infraError';

/** What one test file may use up. Red outcomes and lost workers have budgets of their own: a lost machine is not the test's fault. */
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
      return attempts < maxAttempts && last.mayRepeat !== false ? RUN_AGAIN : done('failed');
    case 'failed':
    case 'timedOut':
    case 'crashed':
      return attempts < maxAttempts && last.mayRepeat !== false ? RUN_AGAIN : done('failed');
    case 'lost':
      return losses <= maxLosses ? RUN_AGAIN : done('infraError');
  }
}
