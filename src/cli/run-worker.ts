import type { RunningWorker } from '../worker/running-worker.js';
import type { Io } from './io.js';
import { stopSignalOf } from './stop-signal.js';

/** Runs a worker until this process is told to stop, then lets it hand back its work. `doing` says what it does, for the log. */
export async function runUntilStopped(io: Io, worker: RunningWorker, doing: string): Promise<void> {
  stopSignalOf(io).addEventListener('abort', () => worker.stop(), { once: true });
  io.stderr.write(`${worker.name} ${doing}.\n`);
  await worker.run();
}
