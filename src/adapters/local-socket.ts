import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../core/errors.js';

/**
 * A claim on a folder is a listening Unix socket in it. A socket file that nobody listens on any more refuses connections, so a claim
 * whose owner was killed is known to be void. A claim is `claim-<pid>-<random>`; once it is known to be the only one, also `held-…`, a
 * second name of the same file.
 */
const CLAIM = /^claim-/;
const HELD = /^held-/;

export type HeldFolder = {
  readonly server: Server;
  /** Path of the socket. If it is gone, the claim is, too. */
  readonly socketPath: string;
  /** Gives the folder back. Connections remain. */
  release(): Promise<void>;
};

/** How long two processes that claim a folder in the same moment try to find out which of them has it. */
const CONTEST_MS = 2_000;
const LONGEST_PAUSE_MS = 30;

/**
 * Makes this process the only owner of a folder, until it gives the folder back or ends; null if another has it. Whoever claims
 * publishes its claim first and then looks for others, so that of two at least one sees the other. One that does withdraws.
 */
export async function holdFolder(folder: string, onConnection: (socket: Socket) => void): Promise<HeldFolder | null> {
  const endMs = performance.now() + CONTEST_MS;
  for (;;) {
    const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
    const claim = `claim-${id}`;
    const server = await publish(folder, claim, onConnection);
    const withdraw = async () => {
      server.close();
      await Promise.all([claim, `held-${id}`].map((name) => rm(path.join(folder, name), { force: true })));
    };
    const others = await lookAround(folder, claim);
    if (others === 'none') {
      await link(path.join(folder, claim), path.join(folder, `held-${id}`));
      return { server, socketPath: path.join(folder, claim), release: withdraw };
    }
    await withdraw();
    if (others === 'held' || performance.now() > endMs) return null;
    await delay(Math.random() * LONGEST_PAUSE_MS);
  }
}

/** A connection to the owner of a folder, and its process id. */
export type Owner = { readonly socket: Socket; readonly pid: number };

/** Connects to the owner of a folder; null if it has none. */
export async function connectToOwner(folder: string): Promise<Owner | null> {
  for (const name of await namesIn(folder, HELD)) {
    const found = await reach(folder, name);
    if (found.kind === 'connected') return { socket: found.socket, pid: Number(name.split('-')[1]) };
  }
  return null;
}

/** Connects to a local socket by its path; null if nobody listens. */
export function tryConnect(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
  });
}

/** Listens under a name that exists only from when connections are accepted: before, the claim would look void. */
async function publish(folder: string, name: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const temporary = `new-${name}`;
  const server = createServer({ allowHalfOpen: true }, onConnection);
  await inFolder(folder, temporary, (socketPath) => {
    return new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ path: socketPath, exclusive: true }, resolve);
    });
  });
  await rename(path.join(folder, temporary), path.join(folder, name));
  return server;
}

/** Are there other claims? Removes void ones. */
async function lookAround(folder: string, own: string): Promise<'none' | 'contested' | 'held'> {
  const others = (await namesIn(folder, CLAIM)).filter((name) => name !== own);
  const states = await Promise.all(
    others.map(async (name) => {
      const found = await reach(folder, name);
      const held = name.replace(CLAIM, 'held-');
      if (found.kind === 'connected') found.socket.destroy();
      if (found.kind === 'gone') return 'contested'; // It may have been withdrawn, for all we know not because of us.
      if (found.kind !== 'void') return (await namesIn(folder, HELD)).includes(held) ? 'held' : 'contested';
      await Promise.all([name, held].map((dead) => rm(path.join(folder, dead), { force: true })));
      return 'none';
    }),
  );
  return states.includes('held') ? 'held' : states.includes('contested') ? 'contested' : 'none';
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names.filter((name) => pattern.test(name));
}

type Reached =
  | { readonly kind: 'connected'; readonly socket: Socket }
  /** Somebody listens, but we cannot connect: the queue is full, or we may not. */
  | { readonly kind: 'unreachable' }
  /** Nobody listens any more. */
  | { readonly kind: 'void' }
  | { readonly kind: 'gone' };

function reach(folder: string, name: string): Promise<Reached> {
  return inFolder(folder, name, (socketPath) => {
    return new Promise<Reached>((resolve) => {
      const socket = connect({ path: socketPath, allowHalfOpen: true });
      socket.once('connect', () => resolve({ kind: 'connected', socket }));
      socket.once('error', (error) => {
        const kind = hasCode(error, 'ECONNREFUSED') ? 'void' : hasCode(error, 'ENOENT') ? 'gone' : 'unreachable';
        resolve({ kind });
      });
    });
  });
}

/** Calls `use` with a path of a socket that is short enough, however deep the folder is: unix(7) allows 107 bytes. */
async function inFolder<T>(folder: string, name: string, use: (socketPath: string) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return use(path.join(folder, name));
  const handle = await open(folder);
  try {
    return await use(`/proc/self/fd/${handle.fd}/${name}`);
  } finally {
    await handle.close();
  }
}
