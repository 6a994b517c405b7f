import { hostname } from 'node:os';

/**
 * Something that polls until it is told to stop. `run` settles when it has stopped; it rejects when it could not go on, or had to be ended
 * by force.
 */
export type RunningWorker = { readonly name: string; run(): Promise<void>; stop(): void };

/** `host/pid` of this process. */
export function workerName(): string {
  return `${hostname()}/${process.pid}`;
}
