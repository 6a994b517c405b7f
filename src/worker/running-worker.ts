import { hostname } from 'node:os';

/**
 * A worker that polls until `stop` is called. `run` resolves when it has stopped, and rejects if it cannot continue or had to be
 * stopped by force.
 */
export type RunningWorker = { readonly name: string; run(): Promise<void>; stop(): void };

/** The name of this process as a worker: `host/pid`. */
export function workerName(): string {
  return `${hostname()}/${process.pid}`;
}
