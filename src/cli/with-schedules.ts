import type { Schedules } from '../client/schedules.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { openServerIfUp } from '../stack/server-connection.js';
import type { Io } from './io.js';

/**
 * Calls `act` with the schedules of the running server. Throws USAGE if there is none: a stack started for this command would end
 * with it.
 */
export async function withSchedules<T>(
  { env }: Io,
  settings: ProjectSettings,
  act: (schedules: Schedules, server: { readonly isEmbedded: boolean }) => Promise<T>,
): Promise<T> {
  const server = await openServerIfUp({ settings, env });
  if (server === null) {
    throw new RunnerError(
      'USAGE',
      'Schedules fire only while a server is running, and none is: set TEMPORAL_ADDRESS, or keep one running here with `holdfast dev`.',
    );
  }
  try {
    const { schedulesOf } = await import('../client/schedules.js'); // Imported lazily, so that usage errors do not load Temporal.
    return await act(schedulesOf(server), { isEmbedded: server.stack !== null });
  } finally {
    await server.leave();
  }
}
