import type { Io } from './io.js';

/** A signal that is aborted when this process is told to leave, by Ctrl-C or SIGTERM. */
export function untilTold(io: Io): AbortSignal {
  const told = new AbortController();
  io.onInterrupt(() => told.abort());
  io.onTerminate(() => told.abort());
  return told.signal;
}
