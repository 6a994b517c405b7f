import type { OrderBy } from '../plan/order.js';
import type { LossCause, PartRun, Verdict } from './attempt.js';
import type { TestCase } from './cases.js';
import type { FrameworkName } from './frameworks.js';
import type { Copy, RunStatus, Totals } from './suite.js';

/** The JSON result, as described by schema/holdfast.result.schema.json. Times are ISO 8601, durations ms. */
export type SuiteReport = {
  readonly schemaVersion: 1;
  readonly run: {
    readonly id: string;
    readonly suite: string;
    readonly framework: FrameworkName;
    readonly status: RunStatus;
    readonly exitCode: number;
    readonly startedAt: string;
    readonly finishedAt: string;
    /** From the first start of a file to the last end. */
    readonly makespanMs: number;
    /** Lower bound: longest first on the slots seen, without dispatch or losses. */
    readonly boundMs: number;
    /** Slots seen over the run. */
    readonly slots: number;
    readonly webUrl: string | null;
    readonly commit: string | null;
    readonly previousRunId: string | null;
    readonly problem: string | null;
    /** For a rerun: totals over the files of the previous run, with the new results of those that ran again. */
    readonly merged: Totals | null;
    /** What decided the order of the files. */
    readonly order: OrderBy['kind'];
    /** The seed of a random order; the same seed repeats it. */
    readonly seed: number | null;
    /** Time that speculative attempts probably saved, in total. */
    readonly savedMs: number;
    /** Slot time that they cost: work whose result was not used. */
    readonly wastedMs: number;
    /** What people changed while it was running, oldest first. */
    readonly changes: readonly { readonly what: string; readonly who: string; readonly at: string }[];
  };
  readonly totals: Totals;
  readonly files: readonly FileReport[];
};

export type FileReport = {
  readonly path: string;
  readonly repeat: number;
  readonly verdict: Verdict;
  readonly estimateMs: number | null;
  /** Its owner, from the repository's CODEOWNERS. */
  readonly owner: string | null;
  /** Why it has this verdict, if no attempt explains it: `SkippedByUser: …`, `TimeoutExceeded: …`; else null. */
  readonly reason: string | null;
  /** Attempts that ended with a result of the test. Losses are listed separately; they use up no retry. */
  readonly attempts: readonly AttemptReport[];
  readonly losses: readonly LossReport[];
  /** Where a speculative attempt ran beside the original: the one of the two whose result was not used. */
  readonly copies: readonly CopyReport[];
};

export type CopyReport = Omit<Copy, 'startedAtMs'> & { readonly startedAt: string };

export type AttemptReport = {
  readonly number: number;
  /** It comes from a speculative attempt. */
  readonly speculative: boolean;
  readonly outcome: 'passed' | 'failed' | 'timedOut' | 'crashed' | 'noTests';
  /** Which deadline it missed, or why it crashed; null if the outcome says everything. */
  readonly reason: string | null;
  readonly worker: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly cases: readonly TestCase[];
  readonly outputTail: string;
  /** Address of the whole output in the object store. */
  readonly output: string | null;
  /** It passed alone, but was red in a process that had run these files before; only the last ones are named, oldest first. */
  readonly redAfter?: readonly string[];
  /**
   * For a file in parts: each part. The worker and the output of the attempt are those of the deciding part, its duration is
   * their sum.
   */
  readonly parts?: readonly PartReport[];
};

export type PartReport = Omit<PartRun, 'startedAtMs' | 'load' | 'worker'> & {
  readonly worker: string;
  readonly startedAt: string;
};

export type LossReport = {
  readonly worker: string | null;
  readonly cause: LossCause;
  readonly reason: string;
  readonly at: string;
  /** Work lost: from the start of the attempt to its loss. */
  readonly lostMs: number;
  /** From the loss to the next start; null if the file did not start again. */
  readonly resumedAfterMs: number | null;
};
