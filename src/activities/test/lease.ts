import { Context } from '@temporalio/activity';
import { ActivityCancelledError, ActivityNotFoundError, ActivityPausedError } from '@temporalio/client';
import { DEFAULTS } from '../../core/defaults.js';
import { Stop } from '../../core/stop.js';

/** What each beat tells the server: who has the work and since when. Read back if the worker falls silent. The file is for people: the Web UI shows it. */
export type BeatDetails = { readonly worker: string; readonly startedAtMs: number; readonly file?: string };

/**
 * Does work while the server confirms that it is ours. Each beat is an acknowledged call, so its answer tells of a cancellation, a pause
 * or a lease given away; `signal` then aborts with a Stop. When no beat has been confirmed for the heartbeat timeout less a margin, the
 * lease counts as lost *before* the server can hand the work to another worker. One failed beat is not a lost lease.
 */
export async function whileLeased<T>(details: BeatDetails, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { info, client, cancellationSignal } = context;
  const timeoutMs = info.heartbeatTimeoutMs ?? DEFAULTS.heartbeatTimeoutMs;
  const intervalMs = Math.min(timeoutMs / DEFAULTS.beatsPerTimeout, DEFAULTS.longestBeatIntervalMs);
  const leaseMs = timeoutMs * (1 - DEFAULTS.leaseMarginShare);
  const stop = new AbortController();
  let expiry: NodeJS.Timeout | undefined;

  const renewLease = (confirmedAt: number) => {
    clearTimeout(expiry);
    const leftMs = confirmedAt + leaseMs - performance.now();
    expiry = setTimeout(
      () => stop.abort(new Stop('leaseLost', `No beat was confirmed for ${Math.round(leaseMs)} ms.`)),
      Math.max(0, leftMs),
    );
  };
  const beat = async () => {
    const sentAt = performance.now(); // The server counts from its receipt, which is later: ours is the safe side.
    try {
      await client.activity.heartbeat(info.taskToken, details);
      renewLease(sentAt);
      context.heartbeat(details); // SDK: five seconds past the timeout it gives up by itself an attempt of which it saw no beat of its own.
    } catch (error) {
      const reason = stopReasonOf(error);
      if (reason) stop.abort(reason); // Anything else is a network that may come back; the lease decides how long we wait.
    }
  };
  const onCancellation = () => stop.abort(stopReasonOfCancellation(cancellationSignal.reason));

  renewLease(performance.now());
  const beats = setInterval(() => void beat(), intervalMs);
  if (cancellationSignal.aborted) onCancellation();
  else cancellationSignal.addEventListener('abort', onCancellation, { once: true });
  void beat(); // At once, so that the server knows who has the work even if we die within the first interval.
  try {
    return await work(stop.signal);
  } finally {
    clearInterval(beats);
    clearTimeout(expiry);
    cancellationSignal.removeEventListener('abort', onCancellation);
  }
}

function stopReasonOf(error: unknown): Stop | undefined {
  if (error instanceof ActivityCancelledError) return new Stop('cancelled', 'The run asked this attempt to end.');
  if (error instanceof ActivityPausedError) return new Stop('paused', 'An operator paused this attempt.');
  if (error instanceof ActivityNotFoundError) return new Stop('leaseLost', 'The server has given this attempt up.');
  return undefined;
}

/** SDK: the signal's reason is a CancelledFailure whose message is the cause. */
function stopReasonOfCancellation(reason: unknown): Stop {
  const cause = reason instanceof Error ? reason.message : '';
  if (cause === 'WORKER_SHUTDOWN') return new Stop('workerShutdown', 'The worker is leaving.');
  if (cause === 'TIMED_OUT' || cause === 'NOT_FOUND') return new Stop('leaseLost', 'The server has given this attempt up.');
  if (cause === 'PAUSED') return new Stop('paused', 'An operator paused this attempt.');
  return new Stop('cancelled', 'The run asked this attempt to end.');
}
