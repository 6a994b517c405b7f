import type { ProjectSettings } from '../config/settings.js';
import { lazyServer, openServer, type ServerConnection } from '../stack/server-connection.js';
import type { Io } from './io.js';

/** Works with the server of a command, and leaves it whatever happens. Throws as `openServer` does. */
export async function withServer<T>(
  { env }: Io,
  settings: ProjectSettings,
  work: (server: ServerConnection) => Promise<T>,
): Promise<T> {
  const server = await openServer({ settings, env });
  try {
    return await work(server);
  } finally {
    await server.leave();
  }
}

/** The same for commands that often need no server: `open` connects when it is first called. */
export async function withLazyServer<T>(
  { env }: Io,
  settings: ProjectSettings,
  work: (open: () => Promise<ServerConnection>) => Promise<T>,
): Promise<T> {
  const server = lazyServer({ settings, env });
  try {
    return await work(server.open);
  } finally {
    await server.leave();
  }
}
