import { open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { tryConnect } from '../adapters/local-socket.js';
import { packageFile } from '../adapters/package-file.js';
import { makeStateFolder } from '../adapters/state-folder.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { parseAnswer, type StackRecord } from './stack-record.js';
import { socketPathOf } from './stack-socket.js';

const CLI = packageFile('dist/cli.js');
const RETRY_MS = 20;

export type JoinOptions = {
  readonly projectRoot: string;
  readonly stateFolder: string;
  /** Flags of `holdfast dev`, if the stack has to be started. */
  readonly flags: readonly string[];
  readonly env: Environment;
};

export type Joined = {
  readonly stack: StackRecord;
  /** Rejects with STACK_FAILED if the stack ends before we leave it. */
  readonly lost: Promise<never>;
  /** Disconnects. If nobody else uses the stack it ends, and this waits for that. */
  leave(): Promise<void>;
};

/** Joins the stack of a project, and starts one as a detached process if none is up. Throws STACK_FAILED. */
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
      reject(new RunnerError('STACK_FAILED', 'The embedded stack ended meanwhile. Repeat the command to continue the run.'));
    };
    socket.once('error', end).once('end', end).once('close', end);
  });
  lost.catch(() => undefined); // Not every caller awaits it.
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
  await makeStateFolder(stateFolder);
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

/** Reads the stack's first line, which says that it is up and where. Throws STACK_FAILED if it is not. */
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
