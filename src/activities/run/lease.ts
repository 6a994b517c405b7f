import { Context } from '@temporalio/activity';
import { ActivityCancelledError, ActivityNotFoundError, ActivityPausedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';
import { LEASE_LOST, Stop } from '../../core/model/stop.js';

/** What each beat tells the server: who has the work, since when, and how far it is. Read back if the worker falls silent. */
export type BeatDetails = {
  readonly worker: string;
  /** When the file began, or the work where there is none; epoch ms. */
  readonly startedAtMs: number;
  readonly elapsedMs: number;
  /** The file that runs. For people, too: the Web UI shows it. */
  readonly file?: string;
  /** Of several files: what is known of each so far, in their order. */
  readonly done?: readonly AttemptRecord[];
};

/** The work that a lease is for. `beat` tells the server at once what is new, and settles when that is over, heard or not. */
type LeasedWork<T> = (lease: Lease, beat: () => Promise<void>) => Promise<T>;

type LeaseHolder = {
  readonly worker: string;
  readonly leaving: AbortSignal;
  /** What changes from beat to beat. */
  readonly news: () => {
    readonly startedAtMs: number;
    readonly file?: string | undefined;
    readonly done?: readonly AttemptRecord[];
  };
};

/** The file may run elsewhere by now. `whileLeased` makes it a failure that tells who had the work. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Does work while the server confirms that it is ours. Each beat is an acknowledged call, so its answer tells of a cancellation, a pause
 * or a lease given away; the lease's signal then aborts with a Stop, as it does when the worker leaves. When no beat has been confirmed for the heartbeat timeout less a margin,
 * the lease counts as lost *before* the server can hand the work to another worker. One failed beat is not a lost lease. A result that comes
 * after the lease ran out is nobody's: an ApplicationFailure of type LEASE_LOST is thrown.
 */
export async function whileLeased<T>({ worker, leaving, news }: LeaseHolder, work: LeasedWork<T>): Promise<T> {
  const context = Context.current();
  const { info, client, cancellationSignal } = context;
  const timeoutMs = info.heartbeatTimeoutMs ?? DEFAULTS.heartbeatTimeoutMs;
  const intervalMs = Math.min(timeoutMs / DEFAULTS.beatsPerTimeout, DEFAULTS.longestBeatIntervalMs);
  const lease = createLease(timeoutMs * (1 - DEFAULTS.leaseMarginShare));
  const details = (): BeatDetails => {
    const { startedAtMs, file, done } = news();
    const elapsedMs = Math.max(0, Date.now() - startedAtMs);
    return { worker, startedAtMs, elapsedMs, ...(file !== undefined && { file }), ...(done && { done }) };
  };
  let unanswered = 0;

  const beat = async ({ isDue }: { readonly isDue: boolean }) => {
    if (unanswered >= DEFAULTS.beatsInFlight) return; // A network that swallows them: more of them help nobody.
    unanswered += 1;
    const sentAt = monotonicMs(); // The server counts from its receipt, which is later: ours is the safe side.
    const beatDetails = details();
    try {
      await client.withDeadline(Date.now() + timeoutMs, () => client.activity.heartbeat(info.taskToken, beatDetails));
      lease.renew(sentAt);
      // SDK: five seconds past the timeout it gives up by itself an attempt of which it saw no beat of its own. It sends that one too: not for short work.
      if (isDue) context.heartbeat(beatDetails);
    } catch (error) {
      const reason = stopReasonOf(error);
      if (reason) lease.end(reason); // Anything else is a network that may come back; the lease decides how long we wait.
    } finally {
      unanswered -= 1;
    }
  };
  const onCancellation = () => lease.end(stopReasonOfCancellation(cancellationSignal.reason));

  const onLeaving = () => lease.end(LEAVING);

  const beats = setInterval(() => void beat({ isDue: true }), intervalMs);
  if (leaving.aborted) onLeaving();
  else leaving.addEventListener('abort', onLeaving, { once: true });
  if (cancellationSignal.aborted) onCancellation();
  else cancellationSignal.addEventListener('abort', onCancellation, { once: true });
  void beat({ isDue: false }); // At once, so that the server knows who has the work even if we die within the first interval.
  try {
    const result = await work(lease, () => beat({ isDue: false }));
    // The warden may have ended the work while this process was frozen: what looks like a crash of the test is none.
    if (monotonicMs() > lease.expiresAtMs) throw new LeaseLost('The lease ran out meanwhile.');
    return result;
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, LEASE_LOST, details()); // Nobody may hear it: the work is given away already.
  } finally {
    clearInterval(beats);
    lease.close();
    cancellationSignal.removeEventListener('abort', onCancellation);
    leaving.removeEventListener('abort', onLeaving);
  }
}

/** Was work ended because it is no longer ours? Its failure says nothing of it, nor of this worker. */
export function isTakenAway(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    error instanceof LeaseLost ||
    (error instanceof ApplicationFailure && error.type === LEASE_LOST)
  );
}

/** A lease of so many ms from now, and from the sending of each beat that is confirmed. An older answer never shortens it. */
function createLease(leaseMs: number) {
  const stop = new AbortController();
  const listeners = new Set<(expiresAtMs: number) => void>();
  let expiresAtMs = 0;
  let expiry: NodeJS.Timeout | undefined;
  const expire = () => stop.abort(new Stop('leaseLost', `No beat was confirmed for ${Math.round(leaseMs)} ms.`));
  const renew = (sentAt: number) => {
    if (sentAt + leaseMs <= expiresAtMs) return;
    // An answer that was read too late, on a machine that is out of breath: by now the warden may have ended the work.
    if (expiresAtMs !== 0 && monotonicMs() > expiresAtMs) return expire();
    expiresAtMs = sentAt + leaseMs;
    clearTimeout(expiry);
    expiry = setTimeout(expire, Math.max(0, expiresAtMs - monotonicMs()));
    for (const listener of listeners) listener(expiresAtMs);
  };
  renew(monotonicMs());
  return {
    signal: stop.signal,
    get expiresAtMs() {
      return expiresAtMs;
    },
    onRenewal(listener: (expiresAtMs: number) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    renew,
    end: (reason: Stop) => stop.abort(reason),
    close: () => clearTimeout(expiry),
  };
}

const CANCELLED = new Stop('cancelled', 'The run asked this attempt to end.');
const PAUSED = new Stop('paused', 'An operator paused this attempt.');
const LEAVING = new Stop('workerShutdown', 'The worker is leaving.');
const GIVEN_UP = new Stop('leaseLost', 'The server has given this attempt up.');

/** The same clock as the warden's. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

function stopReasonOf(error: unknown): Stop | undefined {
  if (error instanceof ActivityCancelledError) return CANCELLED;
  if (error instanceof ActivityPausedError) return PAUSED;
  if (error instanceof ActivityNotFoundError) return GIVEN_UP;
  return undefined;
}

/** SDK: the signal's reason is a CancelledFailure whose message is the cause. */
function stopReasonOfCancellation(reason: unknown): Stop {
  const cause = reason instanceof Error ? reason.message : '';
  if (cause === 'WORKER_SHUTDOWN') return LEAVING;
  if (cause === 'TIMED_OUT' || cause === 'NOT_FOUND') return GIVEN_UP;
  if (cause === 'PAUSED') return PAUSED;
  return CANCELLED;
}
