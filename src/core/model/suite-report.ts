import type { OrderBy } from '../plan/order.js';
import type { LossCause, PartRun, Verdict } from './attempt.js';
import type { TestCase } from './cases.js';
import type { Clash } from './clash.js';
import type { Company } from './company.js';
import type { CoverageVerdict } from './coverage.js';
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
    /** From the start of the first file to the end of the last. */
    readonly makespanMs: number;
    /** Makespan of an ideal dispatcher: longest first on the slots seen, without dispatch overhead or losses. */
    readonly boundMs: number;
    /** Slots of the fleet that the run saw. */
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
    /** Estimated total time that speculative attempts saved. */
    readonly savedMs: number;
    /** Slot time that speculation wasted: work whose result was not used. */
    readonly wastedMs: number;
    /** Changes that people made during the run, oldest first. */
    readonly changes: readonly { readonly what: string; readonly who: string; readonly at: string }[];
    /** Undefined if no coverage was measured, or it has not been judged yet. */
    readonly coverage?: RunCoverage;
  };
  readonly totals: Totals;
  readonly files: readonly FileReport[];
};

/** What became of the coverage of a run. `status` and `exitCode` of the run are those of its tests and its coverage together. */
export type RunCoverage = {
  readonly verdict: CoverageVerdict['kind'];
  /** Why it is not met. */
  readonly reason: string | null;
  /** The verdict of the tests. */
  readonly tests: { readonly status: RunStatus; readonly exitCode: number };
};

export type FileReport = {
  readonly path: string;
  readonly repeat: number;
  readonly verdict: Verdict;
  readonly estimateMs: number | null;
  /** From the repository's CODEOWNERS. */
  readonly owner: string | null;
  /** Why it has this verdict, if no attempt explains it: `SkippedByUser: …`, `TimeoutExceeded: …`; else null. */
  readonly reason: string | null;
  /** How other files decide what this one is; undefined for most. */
  readonly company?: Company;
  /** It had its machine to itself, because it collided with others in an earlier run: what was seen then. */
  readonly apart?: string;
  /** Attempts that ended with a test result. Losses are listed separately, because they use up no retry. */
  readonly attempts: readonly AttemptReport[];
  readonly losses: readonly LossReport[];
  /** For each speculative attempt: the one of the pair whose result was not used. */
  readonly copies: readonly CopyReport[];
};

export type CopyReport = Omit<Copy, 'startedAtMs'> & { readonly startedAt: string };

export type AttemptReport = {
  readonly number: number;
  /** It comes from a speculative attempt. */
  readonly speculative: boolean;
  readonly outcome: 'passed' | 'failed' | 'timedOut' | 'crashed' | 'noTests';
  /** How it ended past its timeout, or why it crashed; else null. */
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
  /** It passed alone, but was red in a process that had run these files before it; only the last ones, oldest first. */
  readonly redAfter?: readonly string[];
  /** For a red attempt: the files that ran on its machine at the same time; only the first ones. */
  readonly beside?: readonly string[];
  /** For a red attempt beside others: what its output says it could not have. */
  readonly clash?: Clash;
  /** A second look at a file that was red beside others: it had the machine to itself. */
  readonly alone?: true;
  /** A look at a file that was red by itself: it ran in one process after these files; only the last ones. */
  readonly after?: readonly string[];
  /** What kept its process alive after its cases had ended, such as `Timeout`. */
  readonly stayedOpen?: readonly string[];
  /** Addresses of its raw coverage, until the command that watches the run has merged it. */
  readonly coverage?: readonly string[];
  /** For a file in parts. The attempt has the worker and output of the deciding part; its duration is the sum of all parts. */
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
