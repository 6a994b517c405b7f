import type { ProjectSettings } from '../config/settings.js';
import { lazyServer, openServer, type ServerConnection } from '../stack/server-connection.js';
import type { Io } from './io.js';
import { stayMsOf } from './stay.js';

/** Calls `work` with a connection to the server and always disconnects afterwards. Throws like `openServer`. */
export async function withServer<T>(
  io: Io,
  settings: ProjectSettings,
  work: (server: ServerConnection) => Promise<T>,
  { isForRuns = false }: { readonly isForRuns?: boolean } = {},
): Promise<T> {
  const server = await openServer({ settings, env: io.env, isForRuns, stayMs: stayMsOf(io, settings) });
  try {
    return await work(server);
  } finally {
    await server.leave();
  }
}

/** Like `withServer`, for commands that often need no server: `open` connects when first called. */
export async function withLazyServer<T>(
  io: Io,
  settings: ProjectSettings,
  work: (open: () => Promise<ServerConnection>) => Promise<T>,
): Promise<T> {
  const server = lazyServer({ settings, env: io.env, stayMs: stayMsOf(io, settings) });
  try {
    return await work(server.open);
  } finally {
    await server.leave();
  }
}
