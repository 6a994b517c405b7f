import { open } from 'node:fs/promises';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec, RunProcess } from './process.js';
import { childrenCpuMsOf } from './process-table.js';
import { endOf, type OutputFds, spawnGroup } from './spawn-group.js';

/**
 * Runs programs in process groups that end with their leader: at its exit, at the deadline, when told to stop, or with this
 * process.
 */
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
  spec: ProcessSpec,
  limits: ProcessLimits,
  { guard, childClock }: { readonly guard: Guard; readonly childClock: () => number | null },
  output: OutputFds,
): Promise<ProcessEnd> {
  const startedAtMs = Date.now();
  const start = performance.now();
  const took = (cpuMs: number | null = null) => ({ startedAtMs, durationMs: Math.round(performance.now() - start), cpuMs });
  if (limits.lease.signal.aborted) return { ...took(), kind: 'aborted' };

  const { child, group, mark } = spawnGroup(guard, spec, output);
  if (group === undefined) return { ...took(), ...endOf(await child, spec) };
  guard.add(group, { mark, lease: limits.lease });
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
      // Also what has left the group. (A file that ended by itself may leave a daemon that others use: it goes with the worker.)
      await killMarked(mark);
      return { ...end, ...stopped };
    }
    if (result === undefined) throw new Error('Given up without having been stopped.');
    // What looks like a crash of the test is none where the warden ended it.
    if (result.exitCode !== 0 && (await release()) === 'ended') return { ...end, kind: 'aborted' };
    return { ...end, ...endOf(result, spec) };
  } finally {
    ending.close();
    killGroup(group, 'SIGKILL'); // Whatever the leader left behind.
    if (!isReleased) void release();
  }
}

/**
 * Tells how much processor time ended children of this process have used since it was last asked. Asked at each end of a child,
 * it is that child's.
 */
function createChildClock(): () => number | null {
  let last = childrenCpuMsOf(process.pid);
  return () => {
    const now = childrenCpuMsOf(process.pid);
    const spentMs = now === null || last === null ? null : now - last;
    last = now;
    return spentMs;
  };
}
