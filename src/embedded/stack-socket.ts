import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/**
 * The one socket of a project's stack. It is the lock (only one process can listen), the door (who connects is told the addresses) and the
 * lifeline (a stack without anyone connected may leave). On Linux it is an abstract socket: it vanishes with its process, however
 * that ended, so no stale lock can block the next start.
 */
export function socketPathOf(projectRoot: string): string {
  const user = userInfo().username;
  const project = createHash('sha256').update(realpathSync(projectRoot)).digest('hex').slice(0, 20);
  const name = `holdfast-${user}-${project}`;
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** Becomes the listener of a project, or returns null when another process is. */
export async function listen(socketPath: string, onJoin: (socket: Socket) => void): Promise<Server | null> {
  const server = createServer(onJoin);
  const attempt = () =>
    new Promise<'listening' | 'taken'>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve('taken') : reject(error)));
      server.listen(socketPath, () => resolve('listening'));
    });
  if ((await attempt()) === 'listening') return server;
  if (socketPath.startsWith('\0') || (await isAnswered(socketPath))) return null;
  await rm(socketPath, { force: true }); // A file left by a process that was killed.
  return (await attempt()) === 'listening' ? server : null;
}

async function isAnswered(socketPath: string): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(socketPath)
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
