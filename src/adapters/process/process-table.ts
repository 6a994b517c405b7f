import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hasCode } from '../../core/errors.js';

/** Process information from proc(5). Without /proc, nothing is known. */

/** proc(5): the unit of times in stat; 100 per second on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Indexes of stat fields, counted after the name, which may contain spaces and parentheses. */
const FIELD = { state: 0, userTicks: 11, systemTicks: 12, childUserTicks: 13, childSystemTicks: 14, startTime: 19 } as const;
type Field = keyof typeof FIELD;

/** CPU time of a process in ms, including children it has waited for; null if unknown. Synchronous. */
export function cpuMsOf(pid: number): number | null {
  return sumOf(pid, ['userTicks', 'systemTicks', 'childUserTicks', 'childSystemTicks']);
}

/** CPU time in ms of a process's ended children, including children they waited for; null if unknown. Synchronous. */
export function childrenCpuMsOf(pid: number): number | null {
  return sumOf(pid, ['childUserTicks', 'childSystemTicks']);
}

/** Resident memory of a process in bytes; 0 if unknown. */
export function residentBytesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

/** Identifies a process uniquely: its pid and, if known, its start time, because pids are reused. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null ? String(pid) : `${pid}@${fieldOf(stat, 'startTime')}`;
}

/** The pid in an identity. */
export const pidOf = (identity: string): number => Number.parseInt(identity, 10);

/** Whether the process of this identity is alive. A zombie is not. */
export async function isAlive(identity: string): Promise<boolean> {
  const pid = pidOf(identity);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return (stat === null || fieldOf(stat, 'state') !== 'Z') && identity === (await identityOf(pid));
}

/** Finds processes with this environment variable set to a wanted value; never this process. */
export async function findByVariable(name: string, isWanted: (value: string) => boolean): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    names.map(async (pid) => {
      if (Number(pid) === process.pid) return [];
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''); // Just ended, or owned by another user.
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
