import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** What the system tells of processes: proc(5). Where there is no /proc, nothing is known of any. */

/** proc(5): the unit of the times in stat; 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Fields of stat by their place behind the name, which may hold spaces and brackets. */
const FIELD = { state: 0, userTicks: 11, systemTicks: 12, childUserTicks: 13, childSystemTicks: 14, startTime: 19 } as const;
type Field = keyof typeof FIELD;

/**
 * Processor time in ms that a process has used, with that of the children it has waited for; null where it is not known. Read at
 * once.
 */
export function cpuMsOf(pid: number): number | null {
  return sumOf(pid, ['userTicks', 'systemTicks', 'childUserTicks', 'childSystemTicks']);
}

/**
 * Processor time in ms of the ended children of a process, with all that they waited for; null where it is not known. Read at
 * once.
 */
export function childrenCpuMsOf(pid: number): number | null {
  return sumOf(pid, ['childUserTicks', 'childSystemTicks']);
}

/** Resident memory in bytes; 0 where it is not known. */
export function residentBytesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

/** Names a process for good: its id and, where the system tells, its start, as ids are used again. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null ? String(pid) : `${pid}@${fieldOf(stat, 'startTime')}`;
}

/** The process id in an identity. */
export const pidOf = (identity: string): number => Number.parseInt(identity, 10);

/** Does the process of this identity live? One that has ended and nobody has waited for does not. */
export async function isAlive(identity: string): Promise<boolean> {
  const pid = pidOf(identity);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return (stat === null || fieldOf(stat, 'state') !== 'Z') && identity === (await identityOf(pid));
}

/** Processes that have a variable of this name in their environment, with such a value; never this process. */
export async function findByVariable(name: string, isWanted: (value: string) => boolean): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    names.map(async (pid) => {
      if (Number(pid) === process.pid) return [];
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''); // It has just ended, or is another's.
      const value = `\0${environment}`.split(`\0${name}=`)[1]?.split('\0')[0];
      return value !== undefined && isWanted(value) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function sumOf(pid: number, fields: readonly Field[]): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return fields.reduce((sum, field) => sum + Number(fieldOf(stat, field)), 0) * TICK_MS;
  } catch {
    return null;
  }
}

function fieldOf(stat: string, field: Field): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[FIELD[field]];
}
