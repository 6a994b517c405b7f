import { Context } from '@temporalio/activity';
import { ActivityCancelledError, ActivityNotFoundError, ActivityPausedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { BeatDetails } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';
import { LEASE_LOST, Stop } from '../../core/model/stop.js';

/** Work under a lease. `beat` sends an extra heartbeat and resolves when that is done, even if it failed. */
type LeasedWork<T> = (lease: Lease, beat: () => Promise<void>) => Promise<T>;

type LeaseHolder = {
  readonly worker: string;
  readonly leaving: AbortSignal;
  /** The details that change from heartbeat to heartbeat. */
  readonly news: () => {
    readonly startedAtMs: number;
    readonly file?: string | undefined;
    readonly done?: readonly AttemptRecord[];
  };
};

/** The lease is lost, so the file may run elsewhere. `whileLeased` turns it into a failure whose details say who had the work. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Runs work under a lease, while the server confirms that it is ours. Heartbeats are acknowledged calls, whose answers report a
 * cancellation, a pause or a lost lease; the lease's signal then aborts with a Stop, as it does when the worker shuts down. If no
 * heartbeat is confirmed for the heartbeat timeout less a margin, the lease counts as lost *before* the server can give the work
 * to another worker. A single failed heartbeat is harmless. Throws an ApplicationFailure of type LEASE_LOST if the lease was
 * lost, even if the work has a result.
 */
export async function whileLeased<T>({ worker, leaving, news }: LeaseHolder, work: LeasedWork<T>): Promise<T> {
  const context = Context.current();
  const { info, client, cancellationSignal } = context;
  const timeoutMs = info.heartbeatTimeoutMs ?? DEFAULTS.heartbeatTimeoutMs;
  const intervalMs = Math.min(timeoutMs / DEFAULTS.beatsPerTimeout, DEFAULTS.longestBeatIntervalMs);
  const lease = createLease(timeoutMs * (1 - DEFAULTS.leaseMarginShare));
  // The call has only a token, from which the data converter cannot tell whose details these are.
  const { namespace, workflowExecution, activityId } = info;
  const serializationContext = { type: 'activity', namespace, activityId, isLocal: false, ...workflowExecution } as const;
  const details = (): BeatDetails => {
    const { startedAtMs, file, done } = news();
    const elapsedMs = Math.max(0, Date.now() - startedAtMs);
    return { worker, startedAtMs, elapsedMs, ...(file !== undefined && { file }), ...(done && { done }) };
  };
  let unanswered = 0;

  const beat = async ({ isDue }: { readonly isDue: boolean }) => {
    if (unanswered >= DEFAULTS.beatsInFlight) return; // The network drops them, so more would not help.
    unanswered += 1;
    const sentAtMs = monotonicMs(); // The server counts from receipt, which is later, so this is on the safe side.
    const beatDetails = details();
    try {
      await client.withDeadline(Date.now() + timeoutMs, () =>
        client.activity.heartbeat(info.taskToken, beatDetails, { serializationContext }),
      );
      lease.renew(sentAtMs);
      // The SDK cancels an activity on its own five seconds after the timeout unless it sees heartbeats of its own. Each is another
      // call, so only regular heartbeats are repeated through it, which short work does not reach.
      if (isDue) context.heartbeat(beatDetails);
    } catch (error) {
      const stop = stopOfError(error);
      if (stop) lease.end(stop); // Other errors may be transient network errors; the lease decides how long to wait.
    } finally {
      unanswered -= 1;
    }
  };
  const onCancellation = () => lease.end(stopOfCancellation(cancellationSignal.reason));
  const onLeaving = () => lease.end(LEAVING);

  const beats = setInterval(() => void beat({ isDue: true }), intervalMs);
  if (leaving.aborted) onLeaving();
  else leaving.addEventListener('abort', onLeaving, { once: true });
  if (cancellationSignal.aborted) onCancellation();
  else cancellationSignal.addEventListener('abort', onCancellation, { once: true });
  void beat({ isDue: false }); // At once, so that the server knows who has the work even if this worker soon dies.
  try {
    const result = await work(lease, () => beat({ isDue: false }));
    // The warden may have killed the test while this process was frozen, so what looks like a crash of the test is not one.
    if (monotonicMs() > lease.expiresAtMs) throw new LeaseLost('The lease expired during the work.');
    return result;
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, LEASE_LOST, details()); // May go unheard if the work is reassigned.
  } finally {
    clearInterval(beats);
    lease.close();
    cancellationSignal.removeEventListener('abort', onCancellation);
    leaving.removeEventListener('abort', onLeaving);
  }
}

/** Did the work stop because it is no longer ours? Such an error says nothing about the work or this worker. */
export function isRevoked(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    error instanceof LeaseLost ||
    (error instanceof ApplicationFailure && error.type === LEASE_LOST)
  );
}

/** A lease of `leaseMs` from now, renewed from the sending time of each confirmed heartbeat. Late answers never shorten it. */
function createLease(leaseMs: number) {
  const stop = new AbortController();
  const listeners = new Set<(expiresAtMs: number) => void>();
  let expiresAtMs = 0;
  let expiry: NodeJS.Timeout | undefined;
  const expire = () => stop.abort(new Stop('leaseLost', `No heartbeat was confirmed for ${Math.round(leaseMs)} ms.`));
  const renew = (sentAtMs: number) => {
    if (sentAtMs + leaseMs <= expiresAtMs) return;
    // On an overloaded machine the answer may be read too late, when the warden may already have killed the work.
    if (expiresAtMs !== 0 && monotonicMs() > expiresAtMs) return expire();
    expiresAtMs = sentAtMs + leaseMs;
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
    end: (cause: Stop) => stop.abort(cause),
    close: () => clearTimeout(expiry),
  };
}

const CANCELLED = new Stop('cancelled', 'The run cancelled this attempt.');
const PAUSED = new Stop('paused', 'An operator paused this attempt.');
const LEAVING = new Stop('workerShutdown', 'The worker is shutting down.');
const GIVEN_UP = new Stop('leaseLost', 'The server has given up on this attempt.');

/** The clock that the warden uses, too. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

function stopOfError(error: unknown): Stop | undefined {
  if (error instanceof ActivityCancelledError) return CANCELLED;
  if (error instanceof ActivityPausedError) return PAUSED;
  if (error instanceof ActivityNotFoundError) return GIVEN_UP;
  return undefined;
}

/** The SDK's reason is a CancelledFailure whose message is the cause. */
function stopOfCancellation(reason: unknown): Stop {
  const cause = reason instanceof Error ? reason.message : '';
  if (cause === 'WORKER_SHUTDOWN') return LEAVING;
  if (cause === 'TIMED_OUT' || cause === 'NOT_FOUND') return GIVEN_UP;
  if (cause === 'PAUSED') return PAUSED;
  return CANCELLED;
}
