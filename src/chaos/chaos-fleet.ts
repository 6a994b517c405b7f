import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa, type Options, type ResultPromise } from 'execa';
import { packageFile } from '../adapters/package-file.js';
import { startGuard } from '../adapters/process/guard.js';
import { killGroup } from '../adapters/process/kill-group.js';
import { RunnerError } from '../core/errors.js';
import { type CompletedKill, type KillMix, nextKill } from '../core/fleet/chaos.js';
import type { Environment } from '../core/model/environment.js';

const CLI = packageFile('dist/cli.js');

export type ChaosFleetOptions = {
  /** Working directory of the test workers, and their additional flags. */
  readonly root: string;
  readonly workerFlags: readonly string[];
  /** Working directory of the control worker, with its own configuration. */
  readonly controlRoot: string;
  readonly env: Environment;
  readonly logFile: string;
  readonly workers: number;
  readonly everyMs: number;
  readonly mix: KillMix;
  readonly respawnMs: number;
  /** How long a frozen worker stays frozen, in ms. */
  readonly frozenMs: number;
  /** Returns a number from 0 to below 1; decides which worker is struck, when and how. */
  readonly random: () => number;
};

/** A fleet of local workers that are struck at random. Its warden kills them however this process ends. */
export type ChaosFleet = {
  /** All strikes so far, in order. */
  readonly strikes: readonly CompletedKill[];
  /** Strikes workers until the signal is aborted; rejects with STACK_FAILED if a worker cannot be replaced. */
  rage(signal: AbortSignal): Promise<void>;
  /** Kills every process that was started. */
  stop(): Promise<void>;
};

/** Its own process group: Ctrl-C in this terminal is meant for us, and a run that is being cancelled needs its control worker. */
const SPAWN_OPTIONS = {
  extendEnv: false,
  stdin: 'ignore',
  stdout: 'ignore',
  stderr: 'pipe',
  detached: true,
  cleanup: false,
  buffer: false,
  reject: false,
} satisfies Options;
type Process = ResultPromise<typeof SPAWN_OPTIONS>;
type Child = { readonly process: Process; readonly pid: number; readonly name: string; isBusy: boolean };

/** Starts a control worker and the test workers, and waits until they poll. Throws STACK_FAILED. */
export async function startChaosFleet(options: ChaosFleetOptions): Promise<ChaosFleet> {
  const guard = startGuard();
  const log = await open(options.logFile, 'a');
  const all = new Set<Child>();
  const strikes: CompletedKill[] = [];
  const followUps = new Set<Promise<void>>();
  const stopping = new AbortController();

  const start = async (args: readonly string[], cwd: string): Promise<Child> => {
    const child: Process = execa(process.execPath, [CLI, ...args], { ...SPAWN_OPTIONS, cwd, env: { ...options.env } });
    const { pid } = child;
    if (pid === undefined) throw new RunnerError('STACK_FAILED', `holdfast ${args[0]} could not be started.`);
    guard.add(pid);
    void child.then(() => guard.release(pid));
    const name = await nameOf(child, (text) => void log.write(text));
    if (name === null)
      throw new RunnerError('STACK_FAILED', `holdfast ${args[0]} exited during startup; see ${options.logFile}.`);
    const started = { process: child, pid, name, isBusy: false };
    all.add(started);
    void child.then(() => all.delete(started));
    return started;
  };
  const startWorker = () => start(['worker', '--slots', '1', ...options.workerFlags], options.root);

  const stop = async () => {
    stopping.abort();
    const remaining = [...all];
    for (const { pid } of remaining) killGroup(pid, 'SIGKILL');
    await Promise.all(remaining.map(({ process }) => process));
    await Promise.allSettled(followUps);
    await guard.close();
    await log.close();
  };
  let workers: Child[] = [];
  try {
    const [, ...started] = await Promise.all([
      start(['control'], options.controlRoot),
      ...Array.from({ length: options.workers }, startWorker),
    ]);
    workers = started;
  } catch (error) {
    await stop();
    throw error;
  }

  const replace = async (victim: Child) => {
    await victim.process;
    workers = workers.filter((worker) => worker !== victim);
    await delay(options.respawnMs, undefined, { signal: stopping.signal });
    workers = [...workers, await startWorker()];
  };
  const thaw = async (victim: Child) => {
    await delay(options.frozenMs, undefined, { signal: stopping.signal });
    killGroup(victim.pid, 'SIGCONT');
    victim.isBusy = false;
  };
  return {
    strikes,
    stop,
    async rage(signal) {
      let failed: unknown;
      while (!signal.aborted && failed === undefined) {
        const candidates = workers.filter(({ isBusy }) => !isBusy);
        const { afterMs, kill, victim: index } = nextKill(options.random, { ...options, workers: candidates.length });
        await delay(afterMs, undefined, { signal }).catch(() => undefined);
        const victim = candidates[index];
        if (signal.aborted || victim === undefined || victim.isBusy || victim.process.exitCode !== null) continue;
        victim.isBusy = true;
        strikes.push({ kill, worker: victim.name, atMs: Date.now() });
        killGroup(victim.pid, SIGNALS[kill]); // Not reaped yet, so the pid cannot have been reused.
        const followUp = (kill === 'stop' ? thaw(victim) : replace(victim)).catch((error: unknown) => {
          if (!stopping.signal.aborted) failed = error;
        });
        followUps.add(followUp);
        void followUp.finally(() => followUps.delete(followUp));
      }
      if (failed !== undefined) throw failed;
    },
  };
}

const SIGNALS = { term: 'SIGTERM', kill: 'SIGKILL', stop: 'SIGSTOP' } as const;

/** Resolves with a worker's name once it polls, or with null if it exits before. */
async function nameOf(child: Process, log: (text: string) => void): Promise<string | null> {
  let output = '';
  return new Promise((resolve) => {
    child.stderr.on('data', (text) => {
      log(String(text));
      output += String(text);
      const [, name] = /^(\S+) polls /m.exec(output) ?? [];
      if (name !== undefined) resolve(name);
    });
    void child.then(() => resolve(null));
  });
}
