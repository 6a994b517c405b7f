import type { AttemptOutcome } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';
import { STOP_NAMES, Stop } from '../../core/model/stop.js';
import type { FileRun } from '../../frameworks/run-file.js';
import type { FileAttempt } from './attempt-file.js';
import { LeaseLost } from './lease.js';
import { saveOutput } from './outcome.js';
import type { TestAdapters } from './test-adapters.js';

/** Why the work under a lease was ended. */
export function stopOf({ signal: { reason } }: Lease): Stop {
  return reason instanceof Stop ? reason : new Stop('leaseLost', 'The warden ended its test.');
}

/**
 * A worker that leaves hands its attempt back as a value: the file runs elsewhere within 20 ms, after a failure only within a second. null where the
 * run wants no more of it, or its turn comes again. Throws LeaseLost.
 */
export async function handBack(
  adapters: TestAdapters,
  input: FileAttempt,
  run: Pick<FileRun, 'output'>,
  reason: Stop,
): Promise<AttemptOutcome | null> {
  const atMs = Date.now();
  const message = `${STOP_NAMES[reason.kind]}: ${reason.message}`;
  adapters.log(`${input.path} (${input.id}): ${message} Its processes were killed.`);
  switch (reason.kind) {
    case 'workerShutdown':
    case 'paused': {
      const cause = reason.kind === 'paused' ? 'paused' : 'preempted';
      return { kind: 'lost', cause, reason: message, atMs, output: await saveOutput(adapters, input, run) };
    }
    case 'leaseLost':
      throw new LeaseLost(reason.message);
    case 'cancelled':
    case 'inTheWay':
      return null;
  }
}
