import type { OrderBy } from '../plan/order.js';
import type { LossCause, PartRun, Verdict } from './attempt.js';
import type { TestCase } from './cases.js';
import type { FrameworkName } from './frameworks.js';
import type { Copy, RunStatus, Totals } from './suite.js';

/** The JSON result: schema/holdfast.result.schema.json describes it. Times in it are ISO 8601, durations ms. */
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
    /** First start to last end of a file. */
    readonly makespanMs: number;
    /** What longest-first on the slots seen would have taken, without dispatch or losses. */
    readonly boundMs: number;
    /** Slots seen over the run. */
    readonly slots: number;
    readonly webUrl: string | null;
    readonly commit: string | null;
    readonly previousRunId: string | null;
    readonly problem: string | null;
    /** Of a rerun: the files of the run before, with what this one says of those it has run again. */
    readonly merged: Totals | null;
    /** Who went first. */
    readonly order: OrderBy['kind'];
    /** Of a random order; the same seed gives the same one. */
    readonly seed: number | null;
    /** What second copies of slow attempts have probably saved, in all. */
    readonly savedMs: number;
    /** What they cost: work that nobody needed. */
    readonly wastedMs: number;
    /** What people changed while it went on, oldest first. */
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
  /** Who answers for it, by the repository's CODEOWNERS. */
  readonly owner: string | null;
  /** Why it has this verdict, where no attempt of it tells: `SkippedByUser: …`, `DeadlineExceeded: …`; else null. */
  readonly reason: string | null;
  /** Attempts that said something of the test. Losses are apart: they cost no retry. */
  readonly attempts: readonly AttemptReport[];
  readonly losses: readonly LossReport[];
  /** Of two copies of an attempt, those that were ended when the other had told. They count nowhere. */
  readonly copies: readonly CopyReport[];
};

export type CopyReport = Omit<Copy, 'startedAtMs'> & { readonly startedAt: string };

export type AttemptReport = {
  readonly number: number;
  /** Said by a second copy of a slow attempt. */
  readonly speculative: boolean;
  readonly outcome: 'passed' | 'failed' | 'timedOut' | 'crashed' | 'noTests';
  /** Which deadline, why it crashed; null where the outcome says all. */
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
  /** It passed by itself, and was red in a process that had run these files before it; the last of them, oldest first. */
  readonly redAfter?: readonly string[];
  /** Of a file in parts: each of them. Worker and output of the attempt are then those of the part that decided, its duration is their sum. */
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
  /** From the loss to the next start; null when there was none. */
  readonly resumedAfterMs: number | null;
};
