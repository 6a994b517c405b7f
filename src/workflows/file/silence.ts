import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { BeatDetails } from '../../activities/run/index.js';
import { messageOf } from '../../core/errors.js';
import type { AttemptOutcome, AttemptRecord, LossCause } from '../../core/model/attempt.js';
import { NO_CASES } from '../../core/model/cases.js';
import { LEASE_LOST } from '../../core/model/stop.js';
import type { Assignment } from './dispatch.js';

/**
 * The records of a dispatch that failed or timed out: those that the worker had reported by heartbeat, and one for the file it
 * was running. The last heartbeat, or the details of the failure, say which worker had the file and since when.
 */
export function recordsOfSilence(
  error: unknown,
  scheduledAtMs: number,
  assignments: readonly Pick<Assignment, 'timeoutMs'>[],
): readonly AttemptRecord[] {
  const cause = causeOf(error);
  const beat = beatOf(detailsOf(cause));
  const done = beat?.done ?? [];
  const running = assignments[done.length];
  return running === undefined ? done : [...done, recordOfSilence(cause, beat, scheduledAtMs, running.timeoutMs)];
}

function recordOfSilence(cause: unknown, beat: Beat | undefined, scheduledAtMs: number, timeoutMs: number): AttemptRecord {
  const record = { worker: beat?.worker ?? null, startedAtMs: beat?.startedAtMs ?? scheduledAtMs };
  const lost = (lossCause: LossCause, reason: string): AttemptRecord => ({
    ...record,
    outcome: { kind: 'lost', cause: lossCause, reason, atMs: Date.now() },
  });
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'START_TO_CLOSE')
    return { ...record, outcome: stuck(record.startedAtMs, timeoutMs) };
  if (cause instanceof TimeoutFailure)
    return lost(
      'heartbeatTimeout',
      beat
        ? `The worker stopped sending heartbeats; the last one came ${(beat.elapsedMs / 1_000).toFixed(1)} s into the file.`
        : 'The worker stopped sending heartbeats.',
    );
  if (cause instanceof ApplicationFailure && cause.type === LEASE_LOST) return lost('leaseLost', cause.message);
  return lost('broken', messageOf(cause));
}

function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

function detailsOf(cause: unknown): unknown {
  if (cause instanceof TimeoutFailure) return cause.lastHeartbeatDetails;
  return cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
}

type Beat = Pick<BeatDetails, 'worker' | 'startedAtMs' | 'elapsedMs' | 'done'>;

function beatOf(details: unknown): Beat | undefined {
  if (typeof details !== 'object' || details === null || !('worker' in details) || !('startedAtMs' in details)) return undefined;
  const { worker, startedAtMs } = details;
  if (typeof worker !== 'string' || typeof startedAtMs !== 'number') return undefined;
  const elapsedMs = 'elapsedMs' in details && typeof details.elapsedMs === 'number' ? details.elapsedMs : 0;
  const done = 'done' in details && Array.isArray(details.done) ? details.done : [];
  return { worker, startedAtMs, elapsedMs, done };
}

/** The worker sent heartbeats but could not kill the test, so the server timed out the activity. */
function stuck(startedAtMs: number, timeoutMs: number): AttemptOutcome {
  return {
    kind: 'timedOut',
    endedBy: 'server',
    timeoutMs,
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
