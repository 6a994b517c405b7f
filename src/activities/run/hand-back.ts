import type { AttemptOutcome } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';
import { STOP_NAMES, Stop } from '../../core/model/stop.js';
import type { FileRun } from '../../frameworks/run-file.js';
import type { FileAttempt } from './attempt-file.js';
import { LeaseLost } from './lease.js';
import { saveOutput } from './outcome.js';
import type { TestAdapters } from './test-adapters.js';

/** Why the work under a lease was stopped. */
export function stopOf({ signal: { reason } }: Lease): Stop {
  return reason instanceof Stop ? reason : new Stop('leaseLost', 'The warden killed its test.');
}

/**
 * The outcome of an attempt that was stopped. A worker that shuts down returns a value rather than a failure, so that the file
 * starts elsewhere within 20 ms instead of a second. null if the run no longer needs the attempt, or will dispatch the file
 * again. Throws LeaseLost.
 */
export async function handBack(
  adapters: TestAdapters,
  input: FileAttempt,
  run: Pick<FileRun, 'output'>,
  stop: Stop,
): Promise<AttemptOutcome | null> {
  const atMs = Date.now();
  const message = `${STOP_NAMES[stop.kind]}: ${stop.message}`;
  adapters.log(`${input.path} (${input.id}): ${message} Its processes were killed.`);
  switch (stop.kind) {
    case 'workerShutdown':
    case 'paused': {
      const cause = stop.kind === 'paused' ? 'paused' : 'preempted';
      return { kind: 'lost', cause, reason: message, atMs, output: await saveOutput(adapters, input, run) };
    }
    case 'leaseLost':
      throw new LeaseLost(stop.message);
    case 'cancelled':
    case 'inTheWay':
      return null;
  }
}
