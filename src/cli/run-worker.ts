import type { RunningWorker } from '../worker/running-worker.js';
import type { Io } from './io.js';
import { stopSignalOf } from './stop-signal.js';

/** Polls until this process is told to leave, then lets the worker hand back what it has. */
export async function runUntilStopped(io: Io, worker: RunningWorker, doing: string): Promise<void> {
  stopSignalOf(io).addEventListener('abort', () => worker.stop(), { once: true });
  io.stderr.write(`${worker.name} ${doing}.\n`);
  await worker.run();
}
