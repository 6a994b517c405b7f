import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { findByVariable } from './process-table.js';

/** Environment variable that identifies a test's processes, whatever session or group they have moved to. */
export const COOKIE = 'HOLDFAST_COOKIE';

/**
 * Kills every process whose cookie is this one or begins with it and a dot. Repeats until two scans in a row find none, because
 * processes may fork meanwhile, and one that is in the middle of an exec has no readable environment. Linux only: elsewhere, and
 * for processes that cleared their environment, process groups are the only means.
 */
export async function killMarked(cookie: string): Promise<void> {
  let isGone = false;
  for (let round = 0; round < DEFAULTS.markedRounds; round += 1) {
    const found = await findByVariable(COOKIE, (value) => value === cookie || value.startsWith(`${cookie}.`));
    if (found.length === 0 && isGone) return;
    isGone = found.length === 0;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Already gone, or owned by another user.
      }
    }
    await delay(DEFAULTS.markedPauseMs);
  }
}
