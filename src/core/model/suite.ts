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
  /** The folder that the worker was started in. */
  | { readonly kind: 'checkout' }
  /** A repository that the worker clones. `revision`: branch, tag or commit; resolved to a commit at the start of each run. */
  | { readonly kind: 'git'; readonly remote: string; readonly revision: string };

/** How a suite calls its framework. Travels with every attempt, so keep it small. */
export type FrameworkSpec = OwnSettings & {
  readonly name: FrameworkName;
  /** Arguments for the framework. */
  readonly args: readonly string[];
  /** Folder of the suite, relative to the root of the code; `.` for the root. */
  readonly cwd: string;
  /** Reuse framework processes across files; `auto` does so where start-up dominates. */
  readonly warm?: true | 'auto';
  /** The files that a worker runs one after another share a process, and each counts as it is there. */
  readonly isolation?: 'suite';
  /** Each process that runs tests has a network of its own: a loopback, and nothing else. */
  readonly network?: 'own';
  /** Measure coverage whatever the project's own command does, or do not. Undefined: as that command does. */
  readonly coverage?: 'on' | 'off';
  /** The program that measures coverage around the framework's command, with its options, such as `c8 --all`. */
  readonly coverageCommand?: readonly string[];
  /** Names of the worker's variables that the tests get (undefined: all), and variables set for the tests. */
  readonly env: { readonly pass?: readonly string[]; readonly set?: Readonly<Record<string, string>> };
};

/** Which files of the listing belong to the run. Globs and literal paths, relative to the suite's folder; exclude wins. */
export type Selection = {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Paths or globs from the command line; empty means all. */
  readonly only: readonly string[];
  /** Literal paths, as from `--files-from`; undefined means all. */
  readonly files?: readonly string[];
};

/** The settings of a suite, from its configuration. Contains no secrets. */
export type SuiteSpec = {
  readonly source: Source;
  readonly framework: FrameworkSpec;
  readonly selection: Selection;
  readonly budget: Budget;
  /** Longest that one attempt may run. null: derived from the recorded duration, or `DEFAULTS.timeoutMs` without a record. */
  readonly timeoutMs: number | null;
  /** Overrides for some files. If several matching rules set the same thing, the first wins. */
  readonly rules?: readonly FileRule[];
  /** Capacities of the named resources. */
  readonly resources?: Readonly<Record<string, number>>;
  /** The order of the files; by recorded duration if undefined. */
  readonly order?: OrderBy;
  /** How red attempts are retried; `budget` says how often. Undefined: at once, with no limit per run. */
  readonly retry?: RetryPolicy;
  /** Repetitions of each new or changed file. */
  readonly repeatNew?: number;
  /** Start speculative attempts of slow files on idle slots towards the end of the run. */
  readonly speculation?: boolean;
  /** Run a file that is red beside others once more with the machine to itself, and keep those apart that were green then. */
  readonly secondLook?: boolean;
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

/** The input of the `runSuite` workflow. Contains no secrets. */
export type SuiteInput = SuiteSpec & {
  readonly suite: string;
  readonly runId: string;
  /** The CI's attempt number for this id, from 1. */
  readonly ciAttempt: number;
  /** The run that this one repeats, as a later CI attempt or a rerun. */
  readonly previousRunId?: string;
  /** Runs only the files that were not green in the previous run; the report also has the totals of both runs merged. */
  readonly isRerun?: boolean;
  /** Uses only slots that are otherwise idle. */
  readonly isBackground?: boolean;
  readonly owner?: string;
  /** Name of the schedule that starts the run. Its runs share this input, so each takes its run id from its workflow id. */
  readonly schedule?: string;
  readonly commit?: string;
  readonly queues: Queues;
  /** Whether what travels for this run is signed: changes are then only taken from those who have a key. */
  readonly isSigned?: boolean;
  /** Name of the environment, such as `staging`. Quarantine entries may apply to some environments only. */
  readonly environment?: string;
};

/** Overrides for the files that match a glob, relative to the suite’s folder. */
export type FileRule = {
  readonly files: string;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Run it before all other files. */
  readonly priority?: 'first';
  /** Name of a serial group: its files keep their order, and no two run at the same time in any run of the installation. */
  readonly serial?: string;
  /** Slots that the file takes on its worker. */
  readonly slots?: number;
  /** Memory that it needs, in MB. It takes as many slots as together have that much. */
  readonly memoryMb?: number;
  /** Permits of named resources that it holds while it runs. */
  readonly resources?: Readonly<Record<string, number>>;
  /** `false`: it must never run twice at the same time, so it gets no speculative attempt and is not split. */
  readonly overlap?: boolean;
  /** Files that run before it in the same process, in this order. Only its own cases are its result. */
  readonly needs?: readonly string[];
  /** A file with a longer estimate runs in parts, if the framework can select cases. */
  readonly splitOverMs?: number;
};

/** The task queues of an installation. */
export type Queues = { readonly tests: string; readonly control: string };

/** The queue that sick workers poll. Nothing is ever scheduled on it; its pollers show which workers are sick, and why. */
export function sickQueueOf(testsQueue: string): string {
  return `${testsQueue}.sick`;
}

/** The queue of a single worker, for retries that prefer a worker that has not tried the file. */
export function queueOfWorker(testsQueue: string, worker: string): string {
  return `${testsQueue}.${worker}`;
}

export function queuesOf(prefix: string): Queues {
  return { tests: `${prefix}.tests`, control: `${prefix}.control` };
}

/** The workflow id of a run. Schedules use it too, with the start time appended, so that their runs are found like any other. */
export function workflowIdOf(suite: string, runId: string): string {
  return `suite/${suite}/${runId}`;
}

/** The run id in a workflow id: the part after the suite. Names contain no slash. */
export function runIdOf(workflowId: string): string {
  return workflowId.split('/')[2] ?? workflowId;
}

/** One task of a run: a file, or one part or repetition of it. */
export type PlannedFile = Omit<FileRule, 'files' | 'splitOverMs'> & {
  /** Relative to the suite's folder, with `/`. A folder if the framework's unit is a package. */
  readonly path: string;
  /** The number of the repetition, from 1. Above 1 only with `repeatEach` or `repeatNew`. */
  readonly repeat: number;
  /** Estimated duration; null without a record. */
  readonly estimateMs: number | null;
  /** Overrides that of the suite, as `timeoutMs` does. */
  readonly killGraceMs?: number;
  /** The quarantine entries that apply to it. */
  readonly quarantine?: QuarantineMatch;
  /** From CODEOWNERS. */
  readonly owner?: string;
  /** Hash of its content, if the run needs to know which files changed. */
  readonly content?: string;
  /** Set if the file runs in parts. */
  readonly part?: Part;
  /** It has its machine to itself, because it collided with others in an earlier run: what was seen then. */
  readonly apart?: string;
};

/** One part of a file. Parts are numbered from 1. */
export type Part = { readonly number: number; readonly of: number; readonly named: ClaimCheck<Split['named']> };

/** The loser of an attempt and its speculative twin: the one whose result was not used. */
export type Copy = {
  /** The original attempt lost, so the speculative one won. */
  readonly isOriginal: boolean;
  /** null if unknown. */
  readonly worker: string | null;
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** Slot time spent on it. */
  readonly wastedMs: number;
  /** How much longer the file would probably have taken without the winner. */
  readonly savedMs: number;
  /** Its outcome, if it finished as well; null if it was stopped or lost. */
  readonly outcome: TestOutcome['kind'] | null;
};

/** A file with its verdict, as the workflow knows it. */
export type FileResult = PlannedFile & {
  readonly copies?: readonly Copy[];
  readonly verdict: Verdict;
  /** Every attempt, lost ones included, oldest first. */
  readonly attempts: readonly AttemptRecord[];
  /** Why it has this verdict, if no attempt explains it. */
  readonly reason?: string;
};

export type RunStatus = 'passed' | 'failed' | 'incomplete' | 'cancelled';

/** Number of files by verdict, and the proof that none is missing: the run is only green if `lost` and `countedTwice` are 0. */
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
  /** The error that kept the run from judging its files; else null. */
  readonly problem: string | null;
  /** Address of the SuiteReport in the object store; null if it could not be written. */
  readonly report: string | null;
};
