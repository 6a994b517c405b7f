import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../adapters/package-file.js';
import type { Guard } from '../adapters/process/guard.js';
import { killGroup } from '../adapters/process/kill-group.js';
import { DEFAULTS } from '../core/defaults.js';
import type { Environment } from '../core/model/environment.js';

const CLI = packageFile('dist/cli.js');
/** Pause between restarts, in case the worker dies at once. */
const RESTART_MS = 500;
const LOOK_MS = 250;

export type WorkerProcess = {
  /** Lets the worker leave, by force if it does not do so within its grace. */
  stop(): Promise<void>;
};

type WorkerProcessOptions = {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly guard: Guard;
  /** How long the worker may take to leave. */
  readonly graceMs: number;
  readonly log: (line: string) => void;
};

/**
 * Keeps one test worker running as a separate process, so that a test that crashes its worker does not crash the stack. A worker whose
 * thread is busy for so long that it cannot beat is killed and replaced.
 */
export function keepWorkerUp({ args, cwd, env, guard, graceMs, log }: WorkerProcessOptions): WorkerProcess {
  const leaving = new AbortController();
  const keepUp = async () => {
    while (!leaving.signal.aborted) {
      const worker = execa(process.execPath, [CLI, 'worker', ...args], {
        cwd,
        env: { ...env },
        extendEnv: false,
        stdio: ['ignore', 'inherit', 'inherit'], // Goes to the stack's log.
        ipc: true, // For its beats.
        detached: true,
        cleanup: false,
        buffer: false,
        reject: false,
      });
      const group = worker.pid;
      if (group !== undefined) guard.add(group);
      const watch = watchThread(worker, { leaving: leaving.signal, graceMs, log });
      await worker;
      watch.close();
      if (group !== undefined) void guard.release(group);
      if (!leaving.signal.aborted) await delay(RESTART_MS);
    }
  };
  const ended = keepUp();
  return {
    async stop() {
      leaving.abort();
      await ended;
    },
  };
}

type Watched = { readonly pid?: number | undefined; on(event: 'message', listener: () => void): unknown };

type Limits = { readonly leaving: AbortSignal; readonly graceMs: number; readonly log: (line: string) => void };

/**
 * Tells a worker to leave when the stack does, and kills it when its thread is busy for too long, or its grace is over. Time is counted in
 * looks, so that none passes for the worker while this process does not run itself.
 */
function watchThread(worker: Watched, { leaving, graceMs, log }: Limits): { close(): void } {
  const { pid } = worker;
  if (pid === undefined) return { close: () => undefined };
  let quietMs = DEFAULTS.busyThreadMs - DEFAULTS.stackStartMs; // It beats once it has started.
  let leavingMs = 0;
  const leave = () => {
    quietMs = Math.min(quietMs, 0);
    killGroup(pid, 'SIGTERM');
  };
  const look = () => {
    quietMs += LOOK_MS;
    if (leaving.aborted) leavingMs += LOOK_MS;
    const isBusy = quietMs > (leaving.aborted ? DEFAULTS.busyThreadAtEndMs : DEFAULTS.busyThreadMs);
    if (!isBusy && leavingMs <= graceMs) return;
    log(`The test worker, process ${pid}, ${isBusy ? 'does not react any more' : 'did not leave in time'} and was killed.`);
    clearInterval(timer);
    killGroup(pid, 'SIGKILL');
  };
  const timer = setInterval(look, LOOK_MS);
  worker.on('message', () => {
    quietMs = 0;
  });
  if (leaving.aborted) leave();
  else leaving.addEventListener('abort', leave, { once: true });
  return {
    close() {
      clearInterval(timer);
      leaving.removeEventListener('abort', leave);
    },
  };
}
