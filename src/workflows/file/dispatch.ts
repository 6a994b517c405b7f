import { ActivityCancellationType, ActivityFailure, isCancellation, proxyActivities, TimeoutFailure } from '@temporalio/workflow';
import type { TestActivities } from '../../activities/run/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { activityIdOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { type PlannedFile, queueOfWorker, type SuiteInput } from '../../core/model/suite.js';
import { weightOf } from './seat.js';
import { silence } from './silence.js';

/** Temporal's words: the smaller, the sooner. */
const PRIORITY = { again: 1, first: 2, normal: 3, atEnd: 4, idle: 5 } as const;

export type Turn = {
  readonly file: PlannedFile;
  /** Number of the file in its workflow, from 1: part of the activity's id. */
  readonly number: number;
  /** From 1, losses included. */
  readonly dispatch: number;
  /** From 1, losses left out. */
  readonly attempt: number;
  /** How long this attempt may run. */
  readonly deadlineMs: number;
  /** One of the first files of a run: all are scheduled at one moment, and only a priority keeps their order then. */
  readonly opening: boolean;
  /** A repeat that waits for the end: files that are scheduled and have not begun come before it. */
  readonly isAtEnd?: true;
  /** A second copy of a slow attempt: for an idle slot only. */
  readonly isCopy?: true;
  /** Worker that should have it, if it has a slot soon: one that has not tried the file. */
  readonly preferred?: string;
};

const { runTestFile } = proxyActivities<Pick<TestActivities, 'runTestFile'>>({
  startToCloseTimeout: DEFAULTS.deadlineMs, // Replaced at each call.
  retry: { maximumAttempts: 1 }, // Every repeat is decided by nextStep, so that red tests and lost workers are counted apart.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED, // A cancelled run ends when its processes have.
});

/**
 * Has one file run once: by the worker that is preferred, if it has a slot soon, else by whichever is free. The absence of an answer is an
 * outcome too; only a cancellation is thrown.
 */
export function dispatch(
  turn: Turn,
  {
    input,
    commit,
    onGone,
  }: { readonly input: SuiteInput; readonly commit: string | null; readonly onGone: (worker: string) => void },
): Promise<AttemptRecord> {
  const { preferred, ...anywhere } = turn;
  const toAnybody = () => send(anywhere, input, commit) as Promise<AttemptRecord>; // Who is not told to hurry never answers that it has no slot.
  if (preferred === undefined) return toAnybody();
  return send(turn, input, commit).then((answer) => {
    if (answer === 'gone') onGone(preferred);
    return answer === 'gone' || answer === null ? toAnybody() : answer;
  });
}

/** null when the preferred worker has no slot soon; `gone` when nobody answers to its name. */
async function send(turn: Turn, input: SuiteInput, commit: string | null): Promise<AttemptRecord | 'gone' | null> {
  const { file, deadlineMs, preferred } = turn;
  const scheduledAtMs = Date.now();
  try {
    return await runTestFile.executeWithOptions(
      {
        taskQueue: preferred === undefined ? input.queues.tests : queueOfWorker(input.queues.tests, preferred),
        activityId: activityIdOf(turn),
        summary: summaryOf(turn),
        startToCloseTimeout: longestMs(turn, input),
        ...(preferred !== undefined && { scheduleToStartTimeout: DEFAULTS.otherWorkerMs }),
        heartbeatTimeout: input.heartbeatTimeoutMs,
        priority: placeInQueue(turn, input),
      },
      [
        {
          ...sharedBy(input, commit),
          ...ownOf(turn, input),
          ...(file.part && { part: file.part }),
          slots: weightOf(file),
          ...(file.memoryMb !== undefined && { memoryMb: file.memoryMb }),
          ...(preferred !== undefined && { slotWithinMs: DEFAULTS.otherWorkerMs }),
        },
      ],
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (preferred !== undefined && hasNotStarted(error)) return 'gone';
    return silence(error, scheduledAtMs, deadlineMs);
  }
}

/** What every attempt of a run is told. */
export function sharedBy({ suite, runId, source, framework, retry }: SuiteInput, commit: string | null) {
  return {
    suite,
    runId,
    source,
    commit,
    framework,
    ...(retry && { patterns: { only: retry.only, except: retry.except, infrastructure: retry.infrastructure } }),
  };
}

/** What one attempt is told besides. */
export function ownOf({ file, attempt, dispatch, deadlineMs }: Turn, input: SuiteInput) {
  return {
    path: file.path,
    repeat: file.repeat,
    attempt,
    dispatch,
    deadlineMs,
    ...(input.framework.warm && { estimateMs: file.estimateMs }),
    killGraceMs: killGraceOf(file, input),
    ...(file.shield?.cases && !file.shield.isExpired && { shieldedCases: file.shield.cases }),
  };
}

/** When the server gives up on a worker that beats: a person may extend the deadline by its own length while the attempt runs, and Temporal cannot. */
export function longestMs({ file, deadlineMs }: Turn, input: SuiteInput): number {
  return 2 * deadlineMs + killGraceOf(file, input) + DEFAULTS.stuckWorkerMarginMs;
}

export function placeInQueue(turn: Turn, { isBackground, owner, suite }: SuiteInput) {
  return {
    priorityKey: isBackground ? PRIORITY.idle : priorityOf(turn),
    fairnessKey: (owner ?? suite).slice(0, FAIRNESS_KEY_CHARACTERS),
  };
}

function killGraceOf({ killGraceMs }: PlannedFile, input: SuiteInput): number {
  return killGraceMs ?? input.killGraceMs ?? DEFAULTS.killGraceMs;
}

function priorityOf({ dispatch: nth, opening, isAtEnd, isCopy }: Turn): number {
  if (isCopy) return PRIORITY.idle;
  if (isAtEnd) return PRIORITY.atEnd;
  if (nth > 1) return PRIORITY.again;
  return opening ? PRIORITY.first : PRIORITY.normal;
}

function hasNotStarted(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}

/** Server: keys above 64 bytes are refused; a character may take three. */
const FAIRNESS_KEY_CHARACTERS = 20;
/** Server: a summary above 400 bytes is refused. The end of a path tells more than its beginning. */
const SUMMARY_CHARACTERS = 100;

export function summaryOf({ file: { path, repeat, part }, attempt, dispatch: dispatches, isCopy }: Turn): string {
  const name = path.length > SUMMARY_CHARACTERS ? `…${path.slice(1 - SUMMARY_CHARACTERS)}` : path;
  const notes = [
    ...(part ? [`part ${part.number} of ${part.of}`] : []),
    ...(repeat > 1 ? [`repeat ${repeat}`] : []),
    ...(isCopy ? ['second copy'] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(dispatches > attempt ? [`after ${dispatches - attempt} lost`] : []),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
}
