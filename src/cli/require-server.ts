import type { ServerSettings } from '../adapters/temporal/server-settings.js';
import { RunnerError } from '../core/errors.js';

/** Workers of a fleet need a server that is there already. Throws USAGE. */
export function requireServer(server: ServerSettings): ServerSettings {
  if (server.isConfigured) return server;
  throw new RunnerError(
    'USAGE',
    'No Temporal server is configured: set TEMPORAL_ADDRESS, or use `holdfast dev` for a stack of this folder.',
  );
}
