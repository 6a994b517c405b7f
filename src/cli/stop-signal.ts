import type { Io } from './io.js';

/** A signal that is aborted on Ctrl-C or SIGTERM. */
export function stopSignalOf(io: Io): AbortSignal {
  const stop = new AbortController();
  io.onInterrupt(() => stop.abort());
  io.onTerminate(() => stop.abort());
  return stop.signal;
}
