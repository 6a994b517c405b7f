import { execa } from 'execa';
import type { Guard } from './guard.js';
import { COOKIE } from './marked.js';
import type { ProcessSpec } from './process.js';
import { standBack } from './stand-back.js';

/** Execa takes any descriptor; its types name only those up to 9. */
type Fd = 9;

/** Open files that the streams of a program go to. */
export type OutputFds = { readonly stdout: number; readonly stderr: number };

/**
 * Starts a program as the leader of a process group, marked, so that all it starts can be ended with it. `group` is undefined
 * where that fails.
 */
export function spawnGroup(
  guard: Guard,
  { argv: [program, ...args], cwd, env }: Pick<ProcessSpec, 'argv' | 'cwd' | 'env'>,
  { stdout, stderr }: OutputFds,
  ...channels: 'pipe'[]
) {
  const mark = guard.mark();
  const child = execa(program, args, {
    cwd,
    env: { ...env, [COOKIE]: mark },
    extendEnv: false,
    detached: true, // A process group of its own: what the tests start is ended with them.
    cleanup: false, // The guard does this, also after SIGKILL.
    // Files, not pipes: a grandchild that keeps one open cannot hold us up.
    stdio: ['ignore', stdout as Fd, stderr as Fd, ...channels],
    buffer: false,
    reject: false,
  });
  if (child.pid !== undefined) standBack(child.pid);
  return { child, group: child.pid, mark };
}

type Result = { readonly exitCode?: number; readonly signal?: string; readonly cause?: unknown };

/** How a program ended that nobody stopped. */
export function endOf({ exitCode, signal, cause }: Result, { argv: [program], cwd }: Pick<ProcessSpec, 'argv' | 'cwd'>) {
  if (signal !== undefined) return { kind: 'signalled', signal } as const;
  if (exitCode !== undefined) return { kind: 'exited', exitCode } as const;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return { kind: 'notStarted', reason: `${program} could not be started in ${cwd} (${code}).` } as const;
}
