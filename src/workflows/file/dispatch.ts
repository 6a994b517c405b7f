import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { TestActivities } from '../../activities/run/index.js';
import type { RunFilesInput } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { activityIdOf, attemptIdOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { MALFORMED } from '../../core/model/refused.js';
import { type PlannedFile, queueOfWorker, type SuiteInput } from '../../core/model/suite.js';
import { patienceMs } from '../../core/plan/dispatch-size.js';
import type { LookKind } from '../../core/schedule/second-look.js';
import { isRefusedAnswer } from '../answered.js';
import { bookkeeping } from '../bookkeeping.js';
import { weightOf } from './admission.js';
import { recordsOfSilence } from './silence.js';
import { summaryOf } from './summary.js';

/** One attempt at a file, to be made by a worker. */
export type Assignment = {
  readonly file: PlannedFile;
  /** Number of the file in its workflow, from 1. */
  readonly number: number;
  /** From 1, losses included. */
  readonly dispatch: number;
  /** From 1, losses excluded. */
  readonly attempt: number;
  /** The timeout of this attempt. */
  readonly timeoutMs: number;
  /** For a look in company: the files that run before it in the same process. */
  readonly after?: readonly string[];
};

/** One activity: files that a worker runs one after another in the same slot. All options but `isOpening` need a single file. */
export type Dispatch = {
  readonly assignments: readonly [Assignment, ...Assignment[]];
  /** One of the first of a run, which are scheduled all at once and go ahead of later ones. */
  readonly isOpening: boolean;
  /** A retry deferred to the end of the run: files that are scheduled but have not started go first. */
  readonly isAtEnd?: true;
  /** A speculative attempt, for an idle slot only. */
  readonly isCopy?: true;
  /** A second look at a red file; alone, the file has the machine to itself. */
  readonly look?: LookKind;
  /** Worker that should get it if it has a free slot soon: one that has not tried the file. */
  readonly preferred?: string;
};

export type DispatchContext = {
  readonly input: SuiteInput;
  readonly commit: string | null;
  /** Called when no worker of this name takes work. */
  readonly onGone: (worker: string) => void;
};

const { runFiles } = proxyActivities<Pick<TestActivities, 'runFiles'>>({
  startToCloseTimeout: DEFAULTS.timeoutMs, // Overridden by each call.
  retry: { maximumAttempts: 1 }, // nextStep decides on retries, so that red tests and lost workers are counted separately.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED, // A cancelled run ends after its processes.
});

/**
 * Runs files once: on the preferred worker if it has a free slot soon, else on any. Returns a record for each of the first files;
 * the others got no turn. A missing answer is an outcome too; only cancellation is thrown.
 */
export async function dispatch(order: Dispatch, context: DispatchContext): Promise<readonly AttemptRecord[]> {
  const { preferred, ...anywhere } = order;
  if (preferred === undefined) return (await send(order, context)) ?? [];
  const records = await send(order, context);
  if (records === null) context.onGone(preferred);
  return records && records.length > 0 ? records : ((await send(anywhere, context)) ?? []);
}

/** null if the preferred worker took no work in time. */
async function send(order: Dispatch, { input, commit }: DispatchContext): Promise<readonly AttemptRecord[] | null> {
  const { assignments, preferred } = order;
  const [first] = assignments;
  const activityId = activityIdOf(first, { ...order, more: assignments.length - 1 });
  const scheduledAtMs = Date.now();
  try {
    const records = await runFiles.executeWithOptions(
      {
        taskQueue: preferred === undefined ? input.queues.tests : queueOfWorker(input.queues.tests, preferred),
        activityId,
        summary: summaryOf(order),
        startToCloseTimeout: assignments.reduce((sum, assignment) => sum + longestMs(assignment, input), 0),
        ...(preferred !== undefined && { scheduleToStartTimeout: DEFAULTS.otherWorkerMs }),
        heartbeatTimeout: input.heartbeatTimeoutMs,
        priority: placeInQueue(order, input),
      },
      [inputOf(order, input, commit)],
    );
    if (records.length > assignments.length)
      throw ApplicationFailure.nonRetryable('The answer has more records than the dispatch had files.', MALFORMED);
    return records;
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (preferred !== undefined && hasNotStarted(error)) return null;
    return recordsOfSilence(error, { scheduledAtMs, assignments, sender: await senderOf(error, activityId, input) });
  }
}

/** Who sent an answer that is refused; null for other errors, or if it is not known. */
async function senderOf(error: unknown, activityId: string, { queues }: SuiteInput): Promise<string | null> {
  if (!isRefusedAnswer(error)) return null;
  const { workflowId, runId } = workflowInfo();
  return bookkeeping(queues).senderOf({ workflowId, runId, activityId });
}

function inputOf({ assignments, preferred, look }: Dispatch, input: SuiteInput, commit: string | null): RunFilesInput {
  const { suite, runId, source, framework, retry } = input;
  const files = assignments.map(({ file }) => file);
  const [
    {
      file: { memoryMb, apart },
    },
  ] = assignments;
  const isAlone = look === 'alone' || apart !== undefined;
  return {
    common: {
      suite,
      runId,
      source,
      commit,
      framework,
      ...(retry && { patterns: { only: retry.only, infrastructure: retry.infrastructure } }),
    },
    files: assignments.map((assignment) => ({ ...fileOf(assignment, input), ...(look === 'alone' && { alone: true }) })),
    slots: {
      slots: isAlone ? DEFAULTS.largestCount : weightOf(assignments[0].file), // More than there are: all of the worker's.
      ...(memoryMb !== undefined && { memoryMb }),
      ...(preferred !== undefined && { withinMs: DEFAULTS.otherWorkerMs }),
    },
    patienceMs: framework.isolation === 'suite' ? DEFAULTS.longestMs : patienceMs(files, framework.name), // A piece stays together.
  };
}

function fileOf(assignment: Assignment, input: SuiteInput): RunFilesInput['files'][number] {
  const { file, attempt, dispatch, timeoutMs, after } = assignment;
  const { path, repeat, part, estimateMs, quarantine, needs } = file;
  return {
    id: attemptIdOf(assignment),
    path,
    repeat,
    attempt,
    dispatch,
    timeoutMs,
    estimateMs,
    killGraceMs: killGraceOf(file, input),
    ...(part && { part }),
    ...(needs && { needs }),
    ...(after && { after }),
    ...(quarantine?.cases && !quarantine.isExpired && { quarantinedCases: quarantine.cases }),
  };
}

/**
 * When the server gives up on a worker that heartbeats. Includes the timeout twice, because people may extend it by its own
 * length during the attempt, and Temporal cannot extend a running activity.
 */
function longestMs({ file, timeoutMs }: Assignment, input: SuiteInput): number {
  return 2 * timeoutMs + killGraceOf(file, input) + DEFAULTS.stuckWorkerMarginMs;
}

function killGraceOf({ killGraceMs }: PlannedFile, input: SuiteInput): number {
  return killGraceMs ?? input.killGraceMs ?? DEFAULTS.killGraceMs;
}

/** Temporal priority keys: smaller runs sooner. */
const PRIORITY = { again: 1, first: 2, normal: 3, atEnd: 4, idle: 5 } as const;
/** The server rejects keys above 64 bytes; a character may take three. */
const FAIRNESS_KEY_CHARACTERS = 20;

function placeInQueue(order: Dispatch, { isBackground, owner, suite }: SuiteInput) {
  return {
    priorityKey: isBackground ? PRIORITY.idle : priorityOf(order),
    fairnessKey: (owner ?? suite).slice(0, FAIRNESS_KEY_CHARACTERS),
  };
}

function priorityOf({ assignments: [first], isOpening, isAtEnd, isCopy }: Dispatch): number {
  if (isCopy) return PRIORITY.idle;
  if (isAtEnd) return PRIORITY.atEnd;
  if (first.dispatch > 1) return PRIORITY.again;
  return isOpening ? PRIORITY.first : PRIORITY.normal;
}

function hasNotStarted(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}
