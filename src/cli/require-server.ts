import type { ServerSettings } from '../adapters/temporal/server-settings.js';
import { RunnerError } from '../core/errors.js';

/** Returns the settings if they configure a server, which fleet workers need. Throws USAGE otherwise. */
export function requireServer(server: ServerSettings): ServerSettings {
  if (server.isConfigured) return server;
  throw new RunnerError(
    'USAGE',
    'No Temporal server is configured: set TEMPORAL_ADDRESS, or use `holdfast dev` for a local stack.',
  );
}
