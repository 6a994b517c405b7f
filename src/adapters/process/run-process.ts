import { open } from 'node:fs/promises';
import { execa } from 'execa';
import { createChildClock } from './child-clock.js';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { COOKIE, killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec, RunProcess } from './process.js';
import { standBack } from './stand-back.js';

/** Execa takes any descriptor; its types name only those up to 9. */
type Fd = 9;

/** Runs programs in process groups that end with their leader: at its exit, at the deadline, when told to stop, or with this process. */
export function createRunProcess(guard: Guard): RunProcess {
  const childClock = createChildClock();
  return async (spec, limits) => {
    const stdout = await open(spec.stdoutPath, 'a');
    const stderr = spec.stderrPath === spec.stdoutPath ? stdout : await open(spec.stderrPath, 'a');
    try {
      return await runInGroup(spec, limits, { guard, childClock }, { stdout: stdout.fd, stderr: stderr.fd });
    } finally {
      await stdout.close();
      if (stderr !== stdout) await stderr.close();
    }
  };
}

async function runInGroup(
  { argv: [program, ...args], cwd, env }: ProcessSpec,
  limits: ProcessLimits,
  { guard, childClock }: { readonly guard: Guard; readonly childClock: () => number | null },
  streams: { stdout: number; stderr: number },
): Promise<ProcessEnd> {
  const startedAtMs = Date.now();
  const start = performance.now();
  const took = (cpuMs: number | null = null) => ({ startedAtMs, durationMs: Math.round(performance.now() - start), cpuMs });
  if (limits.lease.signal.aborted) return { ...took(), kind: 'aborted' };

  const mark = guard.mark();
  const child = execa(program, args, {
    cwd,
    env: { ...env, [COOKIE]: mark },
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
  guard.add(group, { mark, lease: limits.lease });
  standBack(group);
  const ending = endAtLimits(group, limits);
  let isReleased = false;
  const release = () => {
    isReleased = true;
    return guard.release(group);
  };
  try {
    const result = await Promise.race([child, ending.givenUp]);
    const end = took(childClock());
    const stopped = ending.stopped();
    if (stopped) {
      killGroup(group, 'SIGKILL');
      await killMarked(mark); // Also what has left the group. (A file that ended by itself may leave a daemon that others use: it goes with the worker.)
      return { ...end, ...stopped };
    }
    if (result === undefined) throw new Error('Given up without having been stopped.');
    // What looks like a crash of the test is none where the warden ended it.
    if (result.exitCode !== 0 && (await release()) === 'ended') return { ...end, kind: 'aborted' };
    if (result.signal !== undefined) return { ...end, kind: 'signalled', signal: result.signal };
    if (result.exitCode !== undefined) return { ...end, kind: 'exited', exitCode: result.exitCode };
    return { ...end, kind: 'notStarted', reason: reasonOf(result.cause, program, cwd) };
  } finally {
    ending.close();
    killGroup(group, 'SIGKILL'); // Whatever the leader left behind.
    if (!isReleased) void release();
  }
}

/** Why a program could not be started. */
export function reasonOf(cause: unknown, program: string, cwd: string): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return `${program} could not be started in ${cwd} (${code}).`;
}
