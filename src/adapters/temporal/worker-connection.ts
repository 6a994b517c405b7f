import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { DEFAULTS } from '../../core/defaults.js';
import { unreachable } from './connection.js';
import type { ServerSettings } from './server-settings.js';

/** The SDK fails at once where nothing listens, and waits without end where somebody listens and says nothing. */
async function answered<T>(answer: Promise<T>, withinMs: number): Promise<T> {
  const giveUp = new AbortController();
  const silence = delay(Math.max(0, withinMs), undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`no answer within ${DEFAULTS.connectTimeoutMs} ms`);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    silence.catch(() => undefined);
    giveUp.abort();
  }
}

/** The connection of a worker. A server that is only just starting is waited for. Throws SERVER_UNREACHABLE. */
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
