import type { Cut } from '../plan/cut.js';
import type { HistoryDeadlines } from '../plan/deadlines.js';
import type { OrderBy } from '../plan/order.js';
import type { QuarantineMatch } from '../plan/quarantine.js';
import type { RetryPolicy } from '../schedule/retry.js';
import type { AttemptRecord, Budget, TestOutcome, Verdict } from './attempt.js';
import type { CaseCounts } from './cases.js';
import type { ClaimCheck } from './claim-check.js';
import type { FrameworkName, OwnSettings } from './frameworks.js';

/** Where a worker finds the code of a suite. */
export type Source =
  /** The folder the worker was started in already holds it. */
  | { readonly kind: 'checkout' }
  /** Cloned by the worker; `revision` is a branch, tag or commit, resolved to a commit at the start of each run. */
  | { readonly kind: 'git'; readonly remote: string; readonly revision: string };

/** How a framework is called for one suite. Travels with each attempt: keep it small. */
export type FrameworkSpec = OwnSettings & {
  readonly name: FrameworkName;
  /** Words after `--`, handed to the framework. */
  readonly args: readonly string[];
  /** Folder of the suite, relative to the root of the code; `.` for the root. */
  readonly cwd: string;
  /** Files share processes that are kept, where the framework has such; `auto` where starting one takes a good part of a file. */
  readonly warm?: true | 'auto';
  /** Names of variables that pass to the tests (all, when undefined), and variables set for them. */
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

/** The input of the `runSuite` workflow: everything a run needs to know, and no secret. */
export type SuiteInput = {
  readonly suite: string;
  readonly runId: string;
  /** The CI's attempt number for this id, from 1. */
  readonly ciAttempt: number;
  /** Run that this one repeats, in a later CI attempt or in part. */
  readonly previousRunId?: string;
  /** Only what was not green in the run before is run; its verdict is told for both together. */
  readonly isRerun?: boolean;
  /** Takes only slots that nothing else wants. */
  readonly isBackground?: boolean;
  readonly owner?: string;
  /** Name of the schedule that starts the run. All its runs have this one input: each takes its id from its workflow instead. */
  readonly schedule?: string;
  readonly commit?: string;
  readonly queues: Queues;
  readonly source: Source;
  readonly framework: FrameworkSpec;
  readonly selection: Selection;
  readonly budget: Budget;
  readonly deadlineMs: number;
  /** Deadlines follow from recorded durations where there are any; null or undefined: `deadlineMs` holds for all. */
  readonly historyDeadlines?: HistoryDeadlines | null;
  /** What holds for some files only; of several rules that tell the same, the first that matches wins. */
  readonly rules?: readonly FileRule[];
  /** Capacities of the named resources that rules mention. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Who goes first; recorded durations decide when it is undefined. */
  readonly order?: OrderBy;
  /** How red attempts are repeated, beside their number; at once and without further limit when undefined. */
  readonly retry?: RetryPolicy;
  /** Where it runs, such as `staging`: quarantine may be for some environments only. */
  readonly environment?: string;
  /** Runs of each file that was never seen before, or has changed. */
  readonly repeatNew?: number;
  /** Slow files get a second copy on an idle slot near the end of the run. */
  readonly speculation?: boolean;
  /** Between SIGTERM and SIGKILL at a deadline. */
  readonly killGraceMs?: number;
  readonly heartbeatTimeoutMs: number;
  /** Longest the run may take, from its start; the rest is then not run. Undefined or null: no limit. */
  readonly runDeadlineMs?: number | null;
  /** Never more attempts in flight than this; null leaves it to the size of the fleet. */
  readonly maxInFlight: number | null;
  /** Stop after so many files finally failed; null never. */
  readonly maxFailures: number | null;
  /** Independent tasks made of each file. */
  readonly repeatEach: number;
  readonly passWithNoTests: boolean;
  readonly failOnFlaky: boolean;
};

/** What holds for the files that match a glob, relative to the suite’s folder. */
export type FileRule = {
  readonly files: string;
  readonly deadlineMs?: number;
  readonly retries?: number;
  /** Ahead of all others. */
  readonly priority?: 'first';
  /** Of the files with this name never two run at once, in any run of the installation, and they keep their order. */
  readonly serial?: string;
  /** Slots of a worker that the file takes. */
  readonly slots?: number;
  /** Memory that it takes, in MB: as many slots as have it. */
  readonly memoryMb?: number;
  /** How much of which named resources it takes while it runs. */
  readonly resources?: Readonly<Record<string, number>>;
  /** False: it must never run twice at once, not even as a copy of a slow one. */
  readonly repeatable?: boolean;
  /** Expected to take longer than so many ms, it is split into its cases, where the framework can select them. */
  readonly splitOver?: number;
};

/** Task queues of one installation. */
export type Queues = { readonly tests: string; readonly control: string };

/** Where a worker that takes no work waits, so that whoever looks at the pollers sees it and its reason. Nothing is ever scheduled there. */
export function sickQueueOf(testsQueue: string): string {
  return `${testsQueue}.sick`;
}

/** Where a single worker is asked for: repeats of a red file prefer one that has not tried it. */
export function queueOfWorker(testsQueue: string, worker: string): string {
  return `${testsQueue}.${worker}`;
}

export function queuesOf(prefix: string): Queues {
  return { tests: `${prefix}.tests`, control: `${prefix}.control` };
}

/** The workflow of a run. A schedule's workflow ids are made so too, with the time at the end: its runs are found like all others. */
export function workflowIdOf(suite: string, runId: string): string {
  return `suite/${suite}/${runId}`;
}

/** The run's id, from its workflow's: what follows the suite. Names have no slash. */
export function runIdOf(workflowId: string): string {
  return workflowId.split('/')[2] ?? workflowId;
}

/** One task of a run, in the order of the plan. */
export type PlannedFile = Omit<FileRule, 'files' | 'splitOver'> & {
  /** Relative to the suite's folder, `/` between parts; a package's folder where that is the unit of the framework. */
  readonly path: string;
  /** From 1; above 1 only with `repeatEach` and `repeatNew`. */
  readonly repeat: number;
  /** Expected duration; null when there is no record. */
  readonly estimateMs: number | null;
  /** Where it is not that of the suite; `deadlineMs` is one of the rules. */
  readonly killGraceMs?: number;
  /** Its failures do not count, or no longer. */
  readonly quarantine?: QuarantineMatch;
  /** Who answers for it. */
  readonly owner?: string;
  /** Tells this content of the file from another, where that was asked. */
  readonly content?: string;
  /** One of several parts of the file, each run by itself. */
  readonly part?: Part;
};

/** Parts are numbered from 1. */
export type Part = { readonly number: number; readonly of: number; readonly named: ClaimCheck<Cut['named']> };

/** One of two copies of an attempt: the one that was ended when the other had told. */
export type Copy = {
  /** Was it the first that was started? Then the second has won. */
  readonly isOriginal: boolean;
  /** null where it is not known. */
  readonly worker: string | null;
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** Work that nobody needed. */
  readonly wastedMs: number;
  /** What the file would probably have taken longer without the winner. */
  readonly savedMs: number;
  /** What it said too, in the same moment; null when it was ended before it could say anything. */
  readonly outcome: TestOutcome['kind'] | null;
};

/** What the workflow knows of a file that has its verdict. */
export type FileResult = PlannedFile & {
  readonly copies?: readonly Copy[];
  readonly verdict: Verdict;
  /** Every attempt, lost ones included, oldest first. */
  readonly attempts: readonly AttemptRecord[];
  /** Why it has this verdict, where no attempt of it tells. */
  readonly reason?: string;
};

export type RunStatus = 'passed' | 'failed' | 'incomplete' | 'cancelled';

/** Counts of files by verdict, and the proof: `lost` and `countedTwice` are 0 or the run is not green. */
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

/** The result of the `runSuite` workflow: small, whatever the size of the suite. */
export type SuiteResult = {
  readonly suite: string;
  readonly runId: string;
  readonly status: RunStatus;
  readonly exitCode: number;
  readonly totals: Totals;
  /** Set when the run ended without being able to judge: the error's sentence. */
  readonly problem: string | null;
  /** Address of the SuiteReport in the object store; null when none could be written. */
  readonly report: string | null;
};
