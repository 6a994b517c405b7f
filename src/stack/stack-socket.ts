import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { localSocket } from '../adapters/local-socket.js';

/**
 * Path of the socket of a project's stack. The socket is the lock (only one process can listen), the entry point (a process that
 * connects gets the addresses) and the reference count (a stack without connections may end).
 */
export function socketPathOf(projectRoot: string): string {
  const project = createHash('sha256').update(realpathSync(projectRoot)).digest('hex').slice(0, 20);
  return localSocket(`holdfast-${userInfo().uid}-${project}`);
}
