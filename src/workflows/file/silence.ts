import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { BeatDetails } from '../../activities/run/index.js';
import { messageOf } from '../../core/errors.js';
import type { AttemptOutcome, AttemptRecord, LossCause } from '../../core/model/attempt.js';
import { NO_CASES } from '../../core/model/cases.js';
import { LEASE_LOST } from '../../core/model/stop.js';

/** What it means that no worker gave a result. The last beat, or the failure, tells who had the file and since when. */
export function silence(error: unknown, scheduledAtMs: number, deadlineMs: number): AttemptRecord {
  const cause = causeOf(error);
  const last = beatOf(detailsOf(cause));
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

/** What a worker had told of a chunk before it fell silent: what is known of its first files. */
export function toldBefore(error: unknown): readonly AttemptRecord[] {
  const details = detailsOf(causeOf(error));
  const done = typeof details === 'object' && details !== null && 'done' in details ? details.done : [];
  return Array.isArray(done) ? done : [];
}

function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

function detailsOf(cause: unknown): unknown {
  if (cause instanceof TimeoutFailure) return cause.lastHeartbeatDetails;
  return cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
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
