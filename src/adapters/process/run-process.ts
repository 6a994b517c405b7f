import { open } from 'node:fs/promises';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec, RunProcess } from './process.js';
import { childrenCpuMsOf } from './process-table.js';
import { endOf, type OutputFds, spawnGroup } from './spawn-group.js';

/**
 * Creates a function that runs programs in process groups. A group ends with its leader, at the timeout, with the lease, or with
 * this process.
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
  const timing = (cpuMs: number | null = null) => ({ startedAtMs, durationMs: Math.round(performance.now() - start), cpuMs });
  if (limits.lease.signal.aborted) return { ...timing(), kind: 'aborted' };

  const { child, group, mark } = spawnGroup(guard, spec, output);
  if (group === undefined) return { ...timing(), ...endOf(await child, spec) };
  guard.add(group, { mark, lease: limits.lease });
  const ending = endAtLimits(group, limits);
  let isReleased = false;
  const release = () => {
    isReleased = true;
    return guard.release(group);
  };
  try {
    const result = await Promise.race([child, ending.givenUp]);
    const end = timing(childClock());
    const stopped = ending.stopped();
    if (stopped) {
      killGroup(group, 'SIGKILL');
      // Also processes that left the group. (After a normal exit they may stay until the worker ends: other files may use them.)
      await killMarked(mark);
      return { ...end, ...stopped };
    }
    if (result === undefined) throw new Error('Given up without having been stopped.');
    // If the warden killed the group, this is not a crash of the test.
    if (result.exitCode !== 0 && (await release()) === 'ended') return { ...end, kind: 'aborted' };
    return { ...end, ...endOf(result, spec) };
  } finally {
    ending.close();
    killGroup(group, 'SIGKILL'); // Leftovers of the leader.
    if (!isReleased) void release();
  }
}

/**
 * Returns a function that yields the CPU time of ended children since its last call; null if unknown. Called at the end of each
 * child, that is the child's own time.
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
