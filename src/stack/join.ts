import { open, readFile, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { connectToOwner, type Owner } from '../adapters/local-socket.js';
import { packageFile } from '../adapters/package-file.js';
import { cpuMsOf } from '../adapters/process/process-table.js';
import { makeStateFolder } from '../adapters/state-folder.js';
import { DEFAULTS } from '../core/defaults.js';
import { hasCode, isErrorCode, RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { differenceOf, type StackIdentity } from './stack-identity.js';
import { doorFolder, parseAnswer, type StackAnswer, type StackRecord, type StackRequest } from './stack-record.js';
import { THRIFTY_NODE, withThrift } from './thrift.js';

const CLI = packageFile('dist/cli.js');
const RETRY_MS = 20;

export type JoinOptions = {
  readonly projectRoot: string;
  readonly stateFolder: string;
  /** Flags of `holdfast dev`, if the stack has to be started. */
  readonly flags: readonly string[];
  readonly env: Environment;
  /** What a stack of our own would be: one that differs is replaced, or joined if it is in use and only its settings differ. */
  readonly identity: StackIdentity;
  /** Whether settings matter: those of the worker do not if nothing is to run. */
  readonly isForRuns: boolean;
  /** How long the stack shall stay after we have left. */
  readonly stayMs: number;
};

export type Joined = {
  readonly stack: StackRecord;
  /** Rejects with STACK_FAILED if the stack ends before we leave it. */
  readonly lost: Promise<never>;
  /** Disconnects. If the stack ends because nobody uses it, this waits for that. */
  leave(): Promise<void>;
};

/** Joins the stack of a project, and starts one as a detached process if none is up, or none that fits. Throws STACK_FAILED or STACK_BUSY. */
export async function joinStack(options: JoinOptions): Promise<Joined> {
  const folder = doorFolder(options.stateFolder);
  const endMs = performance.now() + DEFAULTS.stackStartMs;
  while (performance.now() < endMs) {
    const found = await reachDoor(folder);
    const owner = found ?? (await startAndConnect(folder, options));
    const connection = talk(owner.socket);
    const answer = await firstAnswer(connection, owner);
    const isOurs = found === null; // Just started with our settings; to replace it would be to start over.
    if (isOurs && answer?.kind === 'failed') throw failed(connection, answer);
    if (answer?.kind === 'up' && (isOurs || (await fits(connection, answer.stack, options))))
      return membership(connection, answer.stack, options);
    await connection.end(); // It ends, or has ended. One that failed was started by another command, maybe with what we lack.
  }
  throw new RunnerError('STACK_FAILED', 'The embedded stack did not answer.');
}

/** Joins the stack if it is up and of this version and user; null otherwise. */
export async function joinIfUp(options: Pick<JoinOptions, 'stateFolder' | 'identity'>): Promise<Joined | null> {
  const owner = await reachDoor(doorFolder(options.stateFolder));
  if (owner === null) return null;
  const connection = talk(owner.socket);
  const answer = await firstAnswer(connection, owner);
  const difference = answer?.kind === 'up' ? differenceOf(options.identity, answer.stack.identity) : null;
  if (answer?.kind === 'up' && (difference === null || difference.key === 'settings'))
    return membership(connection, answer.stack, { ...options, stayMs: 0 });
  void connection.leave();
  return null;
}

/** Ends the stack of a project. Returns whether it was up; `busy` if others use it and `ifUnused` was said. */
export async function endStack(stateFolder: string, request: { readonly ifUnused: boolean }): Promise<'ended' | 'busy' | 'none'> {
  const owner = await reachDoor(doorFolder(stateFolder));
  if (owner === null) return 'none';
  const connection = talk(owner.socket);
  const answer = await firstAnswer(connection, owner); // It can only be told to end when it is up.
  if (answer?.kind !== 'up') {
    await connection.end(); // It ends by itself, or has failed to start.
    return 'ended';
  }
  const isEnded = await connection.requestEnd(request);
  if (!isEnded) await connection.leave();
  return isEnded ? 'ended' : 'busy';
}

/**
 * The first answer of a stack; null if it ends without one. One that is up answers at once, and one that is starting uses its processor
 * meanwhile. Throws STACK_FAILED if it does neither, because it is suspended.
 */
async function firstAnswer(connection: Connection, { pid, socket }: Owner): Promise<StackAnswer | null> {
  const answered = new AbortController();
  const frozen = whenFrozen(pid, answered.signal).then(() => 'frozen' as const);
  const answer = await Promise.race([connection.next(), frozen]).finally(() => answered.abort());
  if (answer !== 'frozen') return answer;
  socket.destroy();
  throw new RunnerError('STACK_FAILED', `The stack of this project (process ${pid}) does not answer: it is suspended.`, {
    remedy: `Continue it with \`kill -CONT ${pid}\`, or end it with \`kill -KILL ${pid}\` and repeat the command.`,
  });
}

/** Resolves once a process has used no processor for a while, or at `signal`. */
async function whenFrozen(pid: number, signal: AbortSignal): Promise<void> {
  for (let usedMs = cpuMsOf(pid); ; ) {
    await delay(DEFAULTS.frozenMs, undefined, { signal, ref: false }).catch(() => undefined);
    const nowMs = cpuMsOf(pid);
    if (signal.aborted || (nowMs !== null && nowMs === usedMs)) return;
    usedMs = nowMs;
  }
}

/** A folder that we may not enter is the door of another user, who started a stack in our project. */
async function reachDoor(folder: string): Promise<Owner | null> {
  return connectToOwner(folder).catch((error: unknown) => {
    if (!hasCode(error, 'EACCES')) throw error;
    throw new RunnerError('STACK_FAILED', `${folder} belongs to another user.`, {
      remedy: 'Use a copy of the project of your own.',
    });
  });
}

/** Whether we may use this stack. One that differs is told to end, unless others use it or `holdfast dev` keeps it up. Throws STACK_BUSY. */
async function fits(connection: Connection, stack: StackRecord, { identity, isForRuns }: JoinOptions): Promise<boolean> {
  const difference = differenceOf(identity, stack.identity);
  if (difference === null || (difference.key === 'settings' && !isForRuns)) return true;
  if (stack.endsWhenIdle && (await connection.requestEnd({ ifUnused: true }))) return false;
  if (difference.key === 'settings') return true; // Others want it as it is; the note of `run` says what does not take effect.
  await connection.leave();
  throw new RunnerError('STACK_BUSY', `The stack of this project (process ${stack.pid}) is of ${difference.words}, and in use.`, {
    remedy: 'Wait until it is free, or end it with `holdfast stop --force`.',
  });
}

type Connection = {
  /** The next answer; null if there is none because the stack has ended. */
  next(): Promise<StackAnswer | null>;
  tell(request: StackRequest): void;
  /** Asks the stack to end and waits for that. Returns false if it does not, because others use it. */
  requestEnd(request: { readonly ifUnused: boolean }): Promise<boolean>;
  /** Resolves when the stack has closed the connection. */
  readonly closed: Promise<void>;
  /** Disconnects, and waits for the stack to end if it does so. */
  leave(): Promise<void>;
  /** Waits until the stack has ended. */
  end(): Promise<void>;
};

function talk(socket: Socket): Connection {
  const answers: (StackAnswer | null)[] = [];
  const waiting: ((answer: StackAnswer | null) => void)[] = [];
  let isClosed = false;
  const give = (answer: StackAnswer | null) => {
    const taker = waiting.shift();
    if (taker) taker(answer);
    else answers.push(answer);
  };
  const closed = new Promise<void>((resolve) => {
    const close = () => {
      isClosed = true;
      for (const taker of waiting.splice(0)) taker(null);
      resolve();
    };
    socket.once('error', close).once('end', close).once('close', close);
  });
  createInterface({ input: socket })
    .on('line', (line) => give(parseAnswer(line)))
    .on('error', () => undefined);
  const closedWithin = (ms: number) => Promise.race([closed, delay(ms, undefined, { ref: false })]);
  const connection: Connection = {
    async next() {
      if (answers.length > 0) return answers.shift() ?? null;
      if (isClosed) return null;
      const answer = new Promise<StackAnswer | null>((resolve) => waiting.push(resolve));
      return Promise.race([answer, delay(DEFAULTS.stackStartMs, null, { ref: false })]);
    },
    tell: (request) => void (socket.writable && socket.write(`${JSON.stringify(request)}\n`)),
    async requestEnd(request) {
      connection.tell({ kind: 'end', ...request });
      if ((await connection.next())?.kind === 'busy') return false;
      await connection.end();
      return true;
    },
    closed,
    async leave() {
      if (socket.destroyed) return;
      socket.end();
      await closedWithin(DEFAULTS.stackEndMs);
      socket.destroy();
    },
    async end() {
      await closedWithin(DEFAULTS.stackEndMs);
      socket.destroy();
    },
  };
  return connection;
}

async function membership(
  connection: Connection,
  stack: StackRecord,
  { stateFolder, stayMs }: Pick<JoinOptions, 'stateFolder' | 'stayMs'>,
): Promise<Joined> {
  if (stayMs > 0) connection.tell({ kind: 'stay', ms: stayMs });
  let hasLeft = false;
  const folder = doorFolder(stateFolder);
  const made = await whenMade(folder);
  const lost = connection.closed.then(async () => {
    if (hasLeft) return new Promise<never>(() => undefined);
    throw lossOf(stateFolder, { isFolderGone: (await whenMade(folder)) !== made });
  });
  lost.catch(() => undefined); // Not every caller awaits it.
  return {
    stack,
    lost,
    leave() {
      hasLeft = true;
      return connection.leave();
    },
  };
}

/** When a folder was made; null if there is none. Another of its name may have its number, but not its time. */
async function whenMade(folder: string): Promise<number | null> {
  return stat(folder).then(
    ({ birthtimeMs }) => birthtimeMs,
    () => null,
  );
}

function lossOf(stateFolder: string, { isFolderGone }: { readonly isFolderGone: boolean }): RunnerError {
  return isFolderGone
    ? new RunnerError('STACK_FAILED', `${stateFolder} was removed, and with it what was under way and all results.`, {
        remedy: 'Repeat the command to start anew.',
      })
    : new RunnerError('STACK_FAILED', 'The embedded stack ended meanwhile. Repeat the command to continue the run.');
}

function failed(connection: Connection, { message, code, remedy }: Extract<StackAnswer, { kind: 'failed' }>): RunnerError {
  void connection.leave();
  return new RunnerError(isErrorCode(code) ? code : 'STACK_FAILED', message, { remedy });
}

async function startAndConnect(folder: string, { projectRoot, stateFolder, flags, env }: JoinOptions): Promise<Owner> {
  await makeStateFolder(stateFolder);
  const logFile = path.join(stateFolder, 'stack.log');
  const log = await open(logFile, 'a', 0o600);
  const host = execa(process.execPath, [...THRIFTY_NODE, CLI, 'dev', '--until-idle', ...flags], {
    cwd: projectRoot,
    env: { ...withThrift(env) },
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
    const owner = await reachDoor(folder);
    if (owner !== null) return owner;
    if (ended !== undefined) break;
    await delay(RETRY_MS);
  }
  throw new RunnerError(
    'STACK_FAILED',
    `The embedded stack did not start (${ended ?? 'no answer'}): ${await lastLineOf(logFile)}`,
  );
}

async function lastLineOf(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return lines.at(-1) ?? '';
}
