import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { DEFAULTS } from '../../core/defaults.js';
import { unreachable } from './connection.js';
import type { ServerSettings } from './server-settings.js';

/** The connection of a worker. A server that is only just starting is waited for. Throws SERVER_UNREACHABLE. */
export async function connectWorker({ address, options }: ServerSettings): Promise<NativeConnection> {
  const endMs = performance.now() + DEFAULTS.connectTimeoutMs;
  for (;;) {
    try {
      return await NativeConnection.connect(options); // SDK: fails at once where nothing listens.
    } catch (error) {
      if (performance.now() > endMs) throw unreachable(address, error);
      await delay(DEFAULTS.connectRetryMs);
    }
  }
}
