import type { Schedules } from '../client/schedules.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { openServerIfUp } from '../stack/server-connection.js';
import type { Io } from './io.js';

/** Hands over the schedules of the server that is there. Throws USAGE where none is: one started for this command would end with it. */
export async function withSchedules<T>(
  { env }: Io,
  settings: ProjectSettings,
  act: (schedules: Schedules, server: { readonly isEmbedded: boolean }) => Promise<T>,
): Promise<T> {
  const server = await openServerIfUp({ settings, env });
  if (server === null) {
    throw new RunnerError(
      'USAGE',
      'A schedule fires only while a server runs, and none does: set TEMPORAL_ADDRESS, or keep one up here with `holdfast dev`.',
    );
  }
  try {
    const { schedulesOf } = await import('../client/schedules.js'); // Only now: a wrong flag needs no Temporal to be told.
    return await act(schedulesOf(server), { isEmbedded: server.stack !== null });
  } finally {
    await server.leave();
  }
}
