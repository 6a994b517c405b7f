import { open } from 'node:fs/promises';
import { execa } from 'execa';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec, RunProcess } from './process.js';

/** Execa takes any descriptor; its types name only those up to 9. */
type Fd = 9;

/** Runs programs in process groups that end with their leader: at its exit, at the deadline, when told to stop, or with this process. */
export function createRunProcess(guard: Guard): RunProcess {
  return async (spec, limits) => {
    const stdout = await open(spec.stdoutPath, 'a');
    const stderr = spec.stderrPath === spec.stdoutPath ? stdout : await open(spec.stderrPath, 'a');
    try {
      return await runInGroup(spec, limits, guard, { stdout: stdout.fd, stderr: stderr.fd });
    } finally {
      await stdout.close();
      if (stderr !== stdout) await stderr.close();
    }
  };
}

async function runInGroup(
  { argv: [program, ...args], cwd, env }: ProcessSpec,
  { deadlineMs, killGraceMs, signal }: ProcessLimits,
  guard: Guard,
  streams: { stdout: number; stderr: number },
): Promise<ProcessEnd> {
  const startedAtMs = Date.now();
  const start = performance.now();
  const took = () => ({ startedAtMs, durationMs: Math.round(performance.now() - start) });
  if (signal.aborted) return { ...took(), kind: 'aborted' };

  const child = execa(program, args, {
    cwd,
    env: { ...env },
    extendEnv: false,
    detached: true, // A process group of its own: what the tests start is ended with them.
    cleanup: false, // The guard does this, also after SIGKILL.
    stdio: ['ignore', streams.stdout as Fd, streams.stderr as Fd], // File descriptors, not pipes: a grandchild that keeps one open cannot hold us up.
    buffer: false,
    reject: false,
  });
  const group = child.pid;
  if (group === undefined) {
    const failure = await child;
    return { ...took(), kind: 'notStarted', reason: reasonOf(failure.cause, program, cwd) };
  }
  guard.add(group);

  let stopped: { kind: 'timedOut'; deadline: 'soft' | 'hard' } | { kind: 'aborted' } | undefined;
  const abort = () => {
    stopped = { kind: 'aborted' };
    killGroup(group, 'SIGKILL');
  };
  signal.addEventListener('abort', abort, { once: true });
  const timers: NodeJS.Timeout[] = [];
  if (deadlineMs !== null) {
    timers.push(
      setTimeout(() => {
        stopped ??= { kind: 'timedOut', deadline: 'soft' };
        killGroup(group, 'SIGTERM');
      }, deadlineMs),
      setTimeout(() => {
        stopped = { kind: 'timedOut', deadline: 'hard' };
        killGroup(group, 'SIGKILL');
      }, deadlineMs + killGraceMs),
    );
  }
  try {
    const result = await child;
    const end = took();
    if (stopped) return { ...end, ...stopped };
    if (result.signal !== undefined) return { ...end, kind: 'signalled', signal: result.signal };
    if (result.exitCode !== undefined) return { ...end, kind: 'exited', exitCode: result.exitCode };
    return { ...end, kind: 'notStarted', reason: reasonOf(result.cause, program, cwd) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    killGroup(group, 'SIGKILL'); // Whatever the leader left behind.
    guard.release(group);
  }
}

function reasonOf(cause: unknown, program: string, cwd: string): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return `${program} could not be started in ${cwd} (${code}).`;
}
