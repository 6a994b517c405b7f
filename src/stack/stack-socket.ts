import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/**
 * Path of the socket of a project's stack. The socket is the lock (only one process can listen), the entry point (a process that
 * connects gets the addresses) and the reference count (a stack without connections may end). On Linux it is an abstract socket,
 * which vanishes with its process, so no stale lock can block the next start.
 */
export function socketPathOf(projectRoot: string): string {
  const project = createHash('sha256').update(realpathSync(projectRoot)).digest('hex').slice(0, 20);
  const name = `holdfast-${userInfo().uid}-${project}`;
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** Listens on a project's socket; null if another process already does. */
export async function listen(socketPath: string, onJoin: (socket: Socket) => void): Promise<Server | null> {
  const server = await tryListen(socketPath, onJoin);
  if (server !== null || socketPath.startsWith('\0')) return server;
  const other = await tryConnect(socketPath);
  other?.destroy();
  if (other !== null) return null;
  await rm(socketPath, { force: true }); // Left behind by a killed process.
  return tryListen(socketPath, onJoin);
}

/** Connects to a project's socket; null if nobody listens. */
export function tryConnect(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
  });
}

function tryListen(socketPath: string, onJoin: (socket: Socket) => void): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, onJoin);
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(socketPath, () => resolve(server));
  });
}
