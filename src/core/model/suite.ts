import type { OrderBy } from '../plan/order.js';
import type { QuarantineMatch } from '../plan/quarantine.js';
import type { Split } from '../plan/split.js';
import type { RetryPolicy } from '../schedule/retry.js';
import type { AttemptRecord, Budget, TestOutcome, Verdict } from './attempt.js';
import type { CaseCounts } from './cases.js';
import type { ClaimCheck } from './claim-check.js';
import type { FrameworkName, OwnSettings } from './frameworks.js';

/** Where workers find the code of a suite. */
export type Source =
  /** In the folder that the worker was started in. */
  | { readonly kind: 'checkout' }
  /**
   * In a repository that the worker clones. `revision` is a branch, tag or commit, resolved to a commit at the start of each run.
   */
  | { readonly kind: 'git'; readonly remote: string; readonly revision: string };

/** How a suite calls its framework. Travels with each attempt, so keep it small. */
export type FrameworkSpec = OwnSettings & {
  readonly name: FrameworkName;
  /** Arguments for the framework. */
  readonly args: readonly string[];
  /** Folder of the suite, relative to the root of the code; `.` for the root. */
  readonly cwd: string;
  /** Reuse framework processes across files; `auto` does so where start-up dominates. */
  readonly warm?: true | 'auto';
  /** Names of the variables that pass to the tests (undefined: all), and variables set for them. */
  readonly env: { readonly pass?: readonly string[]; readonly set?: Readonly<Record<string, string>> };
};

/** Which files of the framework's listing belong to the run. Globs and literal paths, relative to the suite's folder; exclude wins. */
export type Selection = {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Paths or globs from the command line; empty means all. */
  readonly only: readonly string[];
  /** Literal paths, as from `--files-from`; undefined means all. */
  readonly files?: readonly string[];
};

/** What a run needs to know of its suite: the options of the configuration. No secrets. */
export type SuiteSpec = {
  readonly source: Source;
  readonly framework: FrameworkSpec;
  readonly selection: Selection;
  readonly budget: Budget;
  /** Longest that one attempt may run. null: by its recorded duration, or `DEFAULTS.timeoutMs` without a record. */
  readonly timeoutMs: number | null;
  /** Overrides for some files. If several matching rules set the same thing, the first wins. */
  readonly rules?: readonly FileRule[];
  /** Capacities of the named resources. */
  readonly resources?: Readonly<Record<string, number>>;
  /** The order of the files; by recorded durations when undefined. */
  readonly order?: OrderBy;
  /** How red attempts are retried, apart from how often. Undefined: at once, without a limit for the run. */
  readonly retry?: RetryPolicy;
  /** Repetitions of each new or changed file. */
  readonly repeatNew?: number;
  /** Start speculative attempts of slow files on idle slots near the end of the run. */
  readonly speculation?: boolean;
  /** Time between SIGTERM and SIGKILL at a timeout. */
  readonly killGraceMs?: number;
  readonly heartbeatTimeoutMs: number;
  /** Longest that the run may take, from its start. Unfinished files are then not run. Undefined or null: no limit. */
  readonly runTimeoutMs?: number | null;
  /** Most attempts in flight; null follows the size of the fleet. */
  readonly maxInFlight: number | null;
  /** Stop the run after this many failed files; null: never. */
  readonly maxFailures: number | null;
  /** Independent repetitions of each file. */
  readonly repeatEach: number;
  readonly passWithNoTests: boolean;
  readonly failOnFlaky: boolean;
};

/** The input of the `runSuite` workflow: everything a run needs to know, without secrets. */
export type SuiteInput = SuiteSpec & {
  readonly suite: string;
  readonly runId: string;
  /** The CI's attempt number for this id, from 1. */
  readonly ciAttempt: number;
  /** The run that this one repeats, as a later CI attempt or as a rerun. */
  readonly previousRunId?: string;
  /** Runs only what was not green in the previous run; totals cover both. */
  readonly isRerun?: boolean;
  /** Uses only slots that are otherwise idle. */
  readonly isBackground?: boolean;
  readonly owner?: string;
  /**
   * Name of the schedule that starts the run. All runs of a schedule share this input, so each takes its id from its workflow
   * instead.
   */
  readonly schedule?: string;
  readonly commit?: string;
  readonly queues: Queues;
  /** Name of the environment, such as `staging`. Quarantine entries may apply to some environments only. */
  readonly environment?: string;
};

/** Overrides for the files that match a glob, relative to the suite’s folder. */
export type FileRule = {
  readonly files: string;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Before all other files. */
  readonly priority?: 'first';
  /**
   * Name of a serial group: two of its files never run at the same time, in any run of the installation, and they keep their
   * order.
   */
  readonly serial?: string;
  /** Slots of one worker that the file takes. */
  readonly slots?: number;
  /** Memory that it needs, in MB: it takes as many slots as hold that much. */
  readonly memoryMb?: number;
  /** Permits of named resources that it holds while it runs. */
  readonly resources?: Readonly<Record<string, number>>;
  /** `false`: it must never run twice at once, so it gets no speculative attempt and no parts. */
  readonly overlap?: boolean;
  /** In ms. A file that is expected to take longer runs in parts, if the framework can select cases. */
  readonly splitOverMs?: number;
};

/** The task queues of an installation. */
export type Queues = { readonly tests: string; readonly control: string };

/** The queue that a sick worker polls. Nothing is ever scheduled there: its pollers show who is sick, and why. */
export function sickQueueOf(testsQueue: string): string {
  return `${testsQueue}.sick`;
}

/** The queue of a single worker, for retries that prefer a worker which has not tried the file. */
export function queueOfWorker(testsQueue: string, worker: string): string {
  return `${testsQueue}.${worker}`;
}

export function queuesOf(prefix: string): Queues {
  return { tests: `${prefix}.tests`, control: `${prefix}.control` };
}

/** The workflow id of a run. A schedule uses it too, with the time at the end, so its runs are found like all others. */
export function workflowIdOf(suite: string, runId: string): string {
  return `suite/${suite}/${runId}`;
}

/** The run id within a workflow id: the part after the suite. Names have no slash. */
export function runIdOf(workflowId: string): string {
  return workflowId.split('/')[2] ?? workflowId;
}

/** One task of a run: a file, or one part or repetition of it. */
export type PlannedFile = Omit<FileRule, 'files' | 'splitOverMs'> & {
  /** Relative to the suite's folder, with `/`. The folder of a package if that is the framework's unit. */
  readonly path: string;
  /** The number of the repetition, from 1. Above 1 only with `repeatEach` or `repeatNew`. */
  readonly repeat: number;
  /** Estimated duration; null without a record. */
  readonly estimateMs: number | null;
  /** Set if it differs from that of the suite, as `timeoutMs` is. */
  readonly killGraceMs?: number;
  /** What the quarantine says of it. */
  readonly quarantine?: QuarantineMatch;
  /** Its owner. */
  readonly owner?: string;
  /** A hash of its content, if changes matter. */
  readonly content?: string;
  /** Which part of the file it is, if the file runs in parts. */
  readonly part?: Part;
};

/** One part of a file. Parts are numbered from 1. */
export type Part = { readonly number: number; readonly of: number; readonly named: ClaimCheck<Split['named']> };

/** Of an attempt and its speculative twin: the one whose result was not used. */
export type Copy = {
  /** Is it the one that started first? Then the speculative one has won. */
  readonly isOriginal: boolean;
  /** null if unknown. */
  readonly worker: string | null;
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** Slot time spent on it. */
  readonly wastedMs: number;
  /** How much longer the file would probably have taken without the winner. */
  readonly savedMs: number;
  /** Its outcome, if it ended at the same moment; null if it was stopped before. */
  readonly outcome: TestOutcome['kind'] | null;
};

/** A file with its verdict, as the workflow knows it. */
export type FileResult = PlannedFile & {
  readonly copies?: readonly Copy[];
  readonly verdict: Verdict;
  /** Every attempt, including lost ones, oldest first. */
  readonly attempts: readonly AttemptRecord[];
  /** Why it has this verdict, if no attempt explains it. */
  readonly reason?: string;
};

export type RunStatus = 'passed' | 'failed' | 'incomplete' | 'cancelled';

/** Files by verdict, and the proof that none is missing: `lost` and `countedTwice` are 0, or the run is not green. */
export type Totals = {
  readonly planned: number;
  readonly passed: number;
  readonly flaky: number;
  readonly failed: number;
  readonly quarantined: number;
  readonly skipped: number;
  readonly notRun: number;
  readonly infraError: number;
  /** Planned files without a verdict. */
  readonly lost: number;
  /** Verdicts beyond the first of a file. */
  readonly countedTwice: number;
  readonly cases: CaseCounts;
};

/** The result of the `runSuite` workflow. Small, whatever the size of the suite. */
export type SuiteResult = {
  readonly suite: string;
  readonly runId: string;
  readonly status: RunStatus;
  readonly exitCode: number;
  readonly totals: Totals;
  /** Why the run could not judge its files: the message of the error. Else null. */
  readonly problem: string | null;
  /** Address of the SuiteReport in the object store; null if it could not be written. */
  readonly report: string | null;
};
