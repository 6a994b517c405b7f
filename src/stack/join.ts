import { mkdir, open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../adapters/package-file.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { parseAnswer, type StackRecord } from './stack-record.js';
import { socketPathOf, tryConnect } from './stack-socket.js';

const CLI = packageFile('dist/cli.js');
const RETRY_MS = 20;

export type JoinOptions = {
  readonly projectRoot: string;
  readonly stateFolder: string;
  /** Flags of `holdfast dev` for a stack that has to be started. */
  readonly flags: readonly string[];
  readonly env: Environment;
};

export type Joined = {
  readonly stack: StackRecord;
  /** Rejects with STACK_FAILED when the stack ends before we have left it. */
  readonly lost: Promise<never>;
  /** Says goodbye. A stack that was kept up by us alone ends then, and this waits for its end. */
  leave(): Promise<void>;
};

/** Joins the stack of a project; starts one, in a session of its own, when none is up. Throws STACK_FAILED. */
export async function joinStack(options: JoinOptions): Promise<Joined> {
  const socketPath = socketPathOf(options.projectRoot);
  return membership((await tryConnect(socketPath)) ?? (await startAndConnect(socketPath, options)));
}

/** Joins the stack if it is up; null otherwise. */
export async function joinIfUp(projectRoot: string): Promise<Joined | null> {
  const socket = await tryConnect(socketPathOf(projectRoot));
  return socket === null ? null : membership(socket);
}

async function membership(socket: Socket): Promise<Joined> {
  const stack = await answerOf(socket);
  let hasLeft = false;
  const lost = new Promise<never>((_, reject) => {
    const end = () => {
      if (hasLeft) return;
      reject(
        new RunnerError('STACK_FAILED', 'The embedded stack ended meanwhile. The same command goes on with what it was doing.'),
      );
    };
    socket.once('error', end).once('end', end).once('close', end);
  });
  lost.catch(() => undefined); // Only some who join wait for it.
  return {
    stack,
    lost,
    leave() {
      hasLeft = true;
      return leave(socket);
    },
  };
}

async function startAndConnect(socketPath: string, { projectRoot, stateFolder, flags, env }: JoinOptions): Promise<Socket> {
  await mkdir(stateFolder, { recursive: true });
  const logFile = path.join(stateFolder, 'stack.log');
  const log = await open(logFile, 'a');
  const host = execa(process.execPath, [CLI, 'dev', '--until-idle', ...flags], {
    cwd: projectRoot,
    env: { ...env },
    extendEnv: false,
    stdio: ['ignore', log.fd as 9, log.fd as 9],
    detached: true, // Ctrl-C in this terminal is for us, not for the stack.
    cleanup: false,
    buffer: false,
    reject: false,
  });
  let ended: string | undefined;
  void host.then(async ({ exitCode, signal }) => {
    await log.close();
    ended = signal ?? `exit code ${exitCode}`;
  });
  host.unref();
  const endMs = performance.now() + DEFAULTS.stackStartMs;
  while (performance.now() < endMs) {
    const socket = await tryConnect(socketPath);
    if (socket !== null) return socket;
    if (ended !== undefined) break;
    await delay(RETRY_MS);
  }
  throw new RunnerError(
    'STACK_FAILED',
    `The embedded stack did not start (${ended ?? 'no answer'}): ${await lastLineOf(logFile)}`,
  );
}

/** The first line a stack says: that it is up, and where; or why it is not. */
async function answerOf(socket: Socket): Promise<StackRecord> {
  const line = await Promise.race([
    new Promise<string | null>((resolve) => {
      createInterface({ input: socket })
        .once('line', resolve)
        .once('close', () => resolve(null))
        .on('error', () => resolve(null));
    }),
    delay(DEFAULTS.stackStartMs, null, { ref: false }),
  ]);
  const answer = line === null ? null : parseAnswer(line);
  if (answer?.kind === 'up') return answer.stack;
  socket.destroy();
  throw new RunnerError('STACK_FAILED', answer?.message ?? 'The embedded stack ended before it was up.');
}

async function leave(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.end();
  socket.resume();
  await Promise.race([closed, delay(DEFAULTS.stackEndMs, undefined, { ref: false })]);
  socket.destroy();
}

async function lastLineOf(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return lines.at(-1) ?? '';
}
