import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { type BeatDetails, HEARTBEAT, parse } from '../../core/border/index.js';
import { messageOf } from '../../core/errors.js';
import type { AttemptOutcome, AttemptRecord, LossCause } from '../../core/model/attempt.js';
import { NO_CASES } from '../../core/model/cases.js';
import { LEASE_LOST } from '../../core/model/stop.js';
import type { Assignment } from './dispatch.js';

type Silence = {
  readonly scheduledAtMs: number;
  readonly assignments: readonly Pick<Assignment, 'timeoutMs'>[];
  /** Who sent an answer that is refused; null if there is none, or if it is not known. */
  readonly sender: string | null;
};

/**
 * The records of a dispatch that failed or timed out, or whose answer is refused: those that the worker had reported by heartbeat, and one
 * for the file it was running. The last heartbeat, or the details of the failure, say which worker had the file and since when.
 */
export function recordsOfSilence(error: unknown, { scheduledAtMs, assignments, sender }: Silence): readonly AttemptRecord[] {
  const cause = causeOf(error);
  const beat = beatOf(detailsOf(cause));
  const done = (beat?.done ?? []).slice(0, assignments.length);
  const running = assignments[done.length];
  if (running === undefined) return done;
  const record = recordOfSilence(cause, beat, scheduledAtMs, running.timeoutMs);
  return [...done, { ...record, worker: record.worker ?? sender }];
}

function recordOfSilence(cause: unknown, beat: BeatDetails | undefined, scheduledAtMs: number, timeoutMs: number): AttemptRecord {
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

/** undefined without a heartbeat, or if it is malformed: nobody knows more of such an attempt than that it is lost. */
function beatOf(details: unknown): BeatDetails | undefined {
  const beat = parse(HEARTBEAT, details);
  return beat.kind === 'good' ? beat.value : undefined;
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
