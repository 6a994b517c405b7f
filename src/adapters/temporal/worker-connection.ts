import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { DEFAULTS } from '../../core/defaults.js';
import { unreachable } from './connection.js';
import type { ServerSettings } from './server-settings.js';

/** Bounds a connection attempt: the SDK fails at once if nothing listens, but waits forever if the listener never responds. */
async function answered<T>(answer: Promise<T>, withinMs: number): Promise<T> {
  const giveUp = new AbortController();
  const timeout = delay(Math.max(0, withinMs), undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`no answer within ${DEFAULTS.connectTimeoutMs} ms`);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    timeout.catch(() => undefined);
    giveUp.abort();
  }
}

/** Connects a worker, and retries for a while in case the server is still starting. Throws SERVER_UNREACHABLE. */
export async function connectWorker({ address, options }: ServerSettings): Promise<NativeConnection> {
  const endMs = performance.now() + DEFAULTS.connectTimeoutMs;
  for (;;) {
    try {
      return await answered(NativeConnection.connect(options), endMs - performance.now());
    } catch (error) {
      if (performance.now() > endMs) throw unreachable(address, error);
      await delay(DEFAULTS.connectRetryMs);
    }
  }
}
