import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { DEFAULTS } from '../../core/defaults.js';

/**
 * Gives a test and its children lower priority than the worker: heartbeats must go out even on an overloaded machine, or
 * everything that runs there is lost at once. Linux divides CPU time among process sessions first, and each test has its own, so
 * its autogroup gets the niceness too: sched(7). Best effort.
 */
export function standBack(leader: number): void {
  try {
    setPriority(leader, DEFAULTS.testNiceness);
  } catch {
    return; // Already gone.
  }
  void writeFile(`/proc/${leader}/autogroup`, String(DEFAULTS.testNiceness)).catch(() => undefined);
}
