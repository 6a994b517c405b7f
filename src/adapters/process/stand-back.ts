import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { DEFAULTS } from '../../core/defaults.js';

/**
 * Lets a test, and what it forks, stand back behind its worker: on a machine that is out of breath the beats must go out all the same, or
 * everything that runs there is lost at once. Linux shares its processors among sessions first, and a test has one of its own: sched(7),
 * autogroup. As far as the system allows it; a test runs without it, too.
 */
export function standBack(leader: number): void {
  try {
    setPriority(leader, DEFAULTS.testNiceness);
  } catch {
    return; // It has just ended.
  }
  void writeFile(`/proc/${leader}/autogroup`, String(DEFAULTS.testNiceness)).catch(() => undefined);
}
