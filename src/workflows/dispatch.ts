import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { BeatDetails, TestActivities } from '../activities/test/index.js';
import type { AttemptOutcome, AttemptRecord, LossCause } from '../core/attempt.js';
import { NO_CASES } from '../core/cases.js';
import { DEFAULTS } from '../core/defaults.js';
import { messageOf } from '../core/errors.js';
import { LEASE_LOST } from '../core/stop.js';
import type { PlannedFile, SuiteInput } from '../core/suite.js';

/** Temporal's words: the smaller, the sooner. */
const PRIORITY = { again: 1, first: 2, normal: 3 } as const;

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
};

const { runTestFile } = proxyActivities<Pick<TestActivities, 'runTestFile'>>({
  startToCloseTimeout: DEFAULTS.deadlineMs, // Replaced at each call.
  retry: { maximumAttempts: 1 }, // Every repeat is decided by nextStep, so that red tests and lost workers are counted apart.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED, // A cancelled run ends when its processes have.
});

/** Has one file run once by whichever worker is free. The absence of an answer is an outcome too; only a cancellation is thrown. */
export async function dispatch(turn: Turn, input: SuiteInput, commit: string | null): Promise<AttemptRecord> {
  const { file, opening, deadlineMs } = turn;
  const { heartbeatTimeoutMs, killGraceMs = DEFAULTS.killGraceMs } = input;
  const scheduledAtMs = Date.now();
  try {
    return await runTestFile.executeWithOptions(
      {
        taskQueue: input.queues.tests,
        activityId: activityIdOf(turn),
        summary: summaryOf(turn),
        // Twice the deadline: a person may extend it by its own length while the attempt runs, and Temporal cannot.
        startToCloseTimeout: 2 * deadlineMs + killGraceMs + DEFAULTS.stuckWorkerMarginMs,
        heartbeatTimeout: heartbeatTimeoutMs,
        priority: {
          priorityKey: turn.dispatch > 1 ? PRIORITY.again : opening ? PRIORITY.first : PRIORITY.normal,
          fairnessKey: (input.owner ?? input.suite).slice(0, FAIRNESS_KEY_CHARACTERS),
        },
      },
      [
        {
          suite: input.suite,
          runId: input.runId,
          path: file.path,
          repeat: file.repeat,
          attempt: turn.attempt,
          dispatch: turn.dispatch,
          source: input.source,
          commit,
          framework: input.framework,
          deadlineMs,
          killGraceMs,
        },
      ],
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    return silence(error, scheduledAtMs, deadlineMs);
  }
}

/** Short and stable: `f12.1` is the first dispatch of the twelfth file of its workflow. */
export function activityIdOf({ number, dispatch: nth }: Turn): string {
  return `f${number}.${nth}`;
}

/** Server: keys above 64 bytes are refused; a character may take three. */
const FAIRNESS_KEY_CHARACTERS = 20;
/** Server: a summary above 400 bytes is refused. The end of a path tells more than its beginning. */
const SUMMARY_CHARACTERS = 100;

function summaryOf({ file: { path, repeat }, attempt, dispatch: dispatches }: Turn): string {
  const name = path.length > SUMMARY_CHARACTERS ? `…${path.slice(1 - SUMMARY_CHARACTERS)}` : path;
  const notes = [
    ...(repeat > 1 ? [`repeat ${repeat}`] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(dispatches > attempt ? [`after ${dispatches - attempt} lost`] : []),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
}

/** What it means that no worker gave a result. The last beat, or the failure, tells who had the file and since when. */
function silence(error: unknown, scheduledAtMs: number, deadlineMs: number): AttemptRecord {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const last = beatOf(
    cause instanceof TimeoutFailure
      ? cause.lastHeartbeatDetails
      : cause instanceof ApplicationFailure
        ? cause.details?.[0]
        : undefined,
  );
  const record = { worker: last?.worker ?? null, startedAtMs: last?.startedAtMs ?? scheduledAtMs };
  const lost = (lossCause: LossCause, reason: string): AttemptRecord => ({
    ...record,
    outcome: { kind: 'lost', cause: lossCause, reason, atMs: Date.now() },
  });
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'START_TO_CLOSE')
    return { ...record, outcome: stuck(record.startedAtMs, deadlineMs) };
  if (cause instanceof TimeoutFailure)
    return lost(
      'heartbeatTimeout',
      last
        ? `The worker fell silent; its last beat came ${(last.elapsedMs / 1_000).toFixed(1)} s into the file.`
        : 'The worker fell silent.',
    );
  if (cause instanceof ApplicationFailure && cause.type === LEASE_LOST) return lost('leaseLost', cause.message);
  return lost('broken', messageOf(cause));
}

function beatOf(details: unknown): Pick<BeatDetails, 'worker' | 'startedAtMs' | 'elapsedMs'> | undefined {
  if (typeof details !== 'object' || details === null || !('worker' in details) || !('startedAtMs' in details)) return undefined;
  const { worker, startedAtMs } = details;
  const elapsedMs = 'elapsedMs' in details && typeof details.elapsedMs === 'number' ? details.elapsedMs : 0;
  return typeof worker === 'string' && typeof startedAtMs === 'number' ? { worker, startedAtMs, elapsedMs } : undefined;
}

/** The worker beats but could not end the file: the third clock. */
function stuck(startedAtMs: number, deadlineMs: number): AttemptOutcome {
  return {
    kind: 'timedOut',
    deadline: 'startToClose',
    deadlineMs,
    durationMs: Date.now() - startedAtMs,
    exitCode: null,
    signal: null,
    counts: NO_CASES,
    failures: [],
    outputTail: '',
    output: null,
    report: { kind: 'inline', value: [] },
  };
}
