import { readdir, readFile, readlink } from 'node:fs/promises';
import { until } from './until.js';

/** A process of this machine that works in a project's folder. */
export type Seen = { readonly pid: number; readonly command: string };

/** Every process whose working folder is in this one: the stack, its workers and wardens, commands, tests. Linux only. */
export async function processesIn(folder: string): Promise<Seen[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => ''); // A zombie has none.
      if (cwd !== folder && !cwd.startsWith(`${folder}/`)) return [];
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').join(' ').trim();
      return [{ pid: Number(pid), command }];
    }),
  );
  return seen.flat();
}

/** Is this process there, and not just waiting to be reaped? */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}

/** Waits until no process works in this folder. */
export async function untilEmpty(folder: string): Promise<void> {
  await until(`no process is left in ${folder}`, async () => (await processesIn(folder)).length === 0);
}

/** Ends every process in this folder at once, as a power cut would: also those that appear meanwhile. */
export async function powerCut(folder: string): Promise<void> {
  await until(`every process in ${folder} is dead`, async () => {
    const found = await processesIn(folder);
    for (const { pid } of found) kill(pid, 'SIGKILL');
    return found.length === 0;
  });
}

/** Signals a process; one that has just ended is no error. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
