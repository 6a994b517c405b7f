import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../adapters/package-file.js';
import type { Guard } from '../adapters/process/guard.js';
import { killGroup } from '../adapters/process/kill-group.js';
import type { Environment } from '../core/model/environment.js';

const CLI = packageFile('dist/cli.js');
/** Pause between restarts, in case the worker dies at once. */
const RESTART_MS = 500;

export type WorkerProcess = { stop(): Promise<void> };

/** Keeps one test worker running as a separate process, so that a test that crashes its worker does not crash the stack. */
export function keepWorkerUp(options: {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly guard: Guard;
}): WorkerProcess {
  let isStopping = false;
  let group: number | undefined;
  const keepUp = async () => {
    while (!isStopping) {
      const worker = execa(process.execPath, [CLI, 'worker', ...options.args], {
        cwd: options.cwd,
        env: { ...options.env },
        extendEnv: false,
        stdio: ['ignore', 'inherit', 'inherit'], // Goes to the stack's log.
        detached: true,
        cleanup: false,
        buffer: false,
        reject: false,
      });
      group = worker.pid;
      if (group !== undefined) options.guard.add(group);
      await worker;
      if (group !== undefined) void options.guard.release(group);
      group = undefined;
      if (!isStopping) await delay(RESTART_MS);
    }
  };
  const ended = keepUp();
  return {
    async stop() {
      isStopping = true;
      if (group !== undefined) killGroup(group, 'SIGTERM');
      await ended;
    },
  };
}
