import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { tryConnect } from '../adapters/local-socket.js';
import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';

const variables = z.record(z.string(), z.string());
/** What is sent: the environment of a run, or, without it, the question for it. The answer is the one that holds, or null. */
const request = z.object({ run: z.string(), environment: variables.optional() });
type Request = z.infer<typeof request>;

/** Runs whose environment a stack remembers: more than can be running at once. A stack may stay for days. */
const KEPT = 1_000;

/** unix(7): the path of a socket has at most 107 bytes. */
const LONGEST_PLACE = 70;

export type Environments = {
  /** Path of the socket. */
  readonly socketPath: string;
  close(): Promise<void>;
};

/**
 * Keeps the environments of the commands that start runs, for the worker that runs their tests: in memory, by workflow id, the first one
 * that is given for a run. The socket is a file in a folder that only this user may enter, because the variables may be secrets.
 */
export async function keepEnvironments(): Promise<Environments> {
  const place = tmpdir().length > LONGEST_PLACE ? '/tmp' : tmpdir();
  const folder = await mkdtemp(path.join(place, 'holdfast-stack-')); // mkdtemp(3): mode 0700.
  const socketPath = path.join(folder, 'socket');
  const kept = new Map<string, Request['environment']>();
  const answer = async (socket: Socket) => {
    const { run, environment } = request.parse(JSON.parse(await text(socket.iterator({ destroyOnReturn: false }))));
    if (environment !== undefined && !kept.has(run)) kept.set(run, environment);
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    socket.end(JSON.stringify(kept.get(run) ?? null));
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    answer(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  return {
    socketPath,
    async close() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the tests of a run these variables, unless they have some. Throws STACK_FAILED if the stack does not take them. */
export async function giveEnvironment(
  socketPath: string,
  run: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  await ask(socketPath, { run, environment });
}

/** Looks up the environments of runs; `otherwise` is that of a run which no command has started, such as a scheduled one. */
export function environmentsFrom(socketPath: string, otherwise: Environment): (run: string) => Promise<Environment> {
  const environments = new Map<string, Promise<Environment>>();
  return (run) => {
    const known = environments.get(run);
    if (known !== undefined) return known;
    const asking = ask(socketPath, { run }).then((environment) => {
      if (environment === null) environments.delete(run); // A command that resumes the run may yet give it.
      return environment ?? otherwise;
    });
    asking.catch(() => environments.delete(run));
    environments.set(run, asking);
    for (const old of [...environments.keys()].slice(0, -REMEMBERED)) environments.delete(old);
    return asking;
  };
}

/** Runs whose environment a worker remembers. */
const REMEMBERED = 16;

async function ask(socketPath: string, question: Request): Promise<Environment | null> {
  const { uid, mode } = await stat(path.dirname(socketPath)).catch(() => ({ uid: -1, mode: 0 }));
  const isOurs = uid === userInfo().uid && (mode & 0o077) === 0; // Another user may answer under the name of our stack.
  const socket = isOurs ? await tryConnect(socketPath) : null;
  if (socket === null) throw new RunnerError('STACK_FAILED', 'The embedded stack does not answer for the variables of its runs.');
  socket.end(JSON.stringify(question));
  return variables.nullable().parse(JSON.parse(await text(socket)));
}
