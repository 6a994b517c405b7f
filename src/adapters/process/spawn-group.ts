import { execa } from 'execa';
import type { Guard } from './guard.js';
import { COOKIE } from './marked.js';
import type { ProcessSpec } from './process.js';
import { standBack } from './stand-back.js';

/** Execa accepts any descriptor, but its types only go up to 9. */
type Fd = 9;

/** Open file descriptors for a program's output streams. */
export type OutputFds = { readonly stdout: number; readonly stderr: number };

/**
 * Starts a program as the leader of a process group, marked so that everything it starts can be found and killed. `group` is
 * undefined if the program cannot be started.
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
    detached: true, // Makes it a group leader, so that whatever the tests start ends with them.
    cleanup: false, // The guard does this, also after SIGKILL.
    // Files, not pipes: a grandchild that keeps a pipe open would make us wait.
    stdio: ['ignore', stdout as Fd, stderr as Fd, ...channels],
    buffer: false,
    reject: false,
  });
  if (child.pid !== undefined && guard.niceness > 0) standBack(child.pid, guard.niceness);
  return { child, group: child.pid, mark };
}

type Result = { readonly exitCode?: number; readonly signal?: string; readonly cause?: unknown };

/** How a program ended that was not stopped from outside. */
export function endOf({ exitCode, signal, cause }: Result, { argv: [program], cwd }: Pick<ProcessSpec, 'argv' | 'cwd'>) {
  if (signal !== undefined) return { kind: 'signalled', signal } as const;
  if (exitCode !== undefined) return { kind: 'exited', exitCode } as const;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return { kind: 'notStarted', reason: `${program} could not be started in ${cwd} (${code}).` } as const;
}
