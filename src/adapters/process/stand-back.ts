import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/**
 * Gives a process and its children a lower priority. Linux divides CPU time among process sessions first, and each test has its own,
 * so its autogroup gets the niceness too: sched(7). Best effort.
 */
export function standBack(leader: number, niceness: number): void {
  try {
    setPriority(leader, niceness);
  } catch {
    return; // Already gone.
  }
  void writeFile(`/proc/${leader}/autogroup`, String(niceness)).catch(() => undefined);
}
