import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Path of the local socket of this name. On Linux it is an abstract socket: it is in no folder, and it vanishes with its process, so
 * that nothing stale is ever left.
 */
export function localSocket(name: string): string {
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** Listens on a local socket; null if another process already does. */
export async function listenAlone(socketPath: string, onConnection: (socket: Socket) => void): Promise<Server | null> {
  const server = await tryListen(socketPath, onConnection);
  if (server !== null || socketPath.startsWith('\0')) return server;
  const other = await tryConnect(socketPath);
  other?.destroy();
  if (other !== null) return null;
  await rm(socketPath, { force: true }); // Left behind by a killed process.
  return tryListen(socketPath, onConnection);
}

/** Connects to a local socket; null if nobody listens. */
export function tryConnect(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
  });
}

function tryListen(socketPath: string, onConnection: (socket: Socket) => void): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, onConnection);
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen({ path: socketPath, exclusive: true }, () => resolve(server));
  });
}
