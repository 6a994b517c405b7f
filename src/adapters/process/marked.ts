import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { findByVariable } from './process-table.js';

/** Variable by which a process of a test is known, whatever session and group it has made for itself. */
export const COOKIE = 'HOLDFAST_COOKIE';

/**
 * Kills every process that was started with this cookie, or with any that begins with it and a dot; again until none is found
 * twice in a row, for what forks meanwhile, and for what becomes another program just now and has no environment for that moment.
 * Linux only: elsewhere, and for what cleared its environment, process groups are all there is.
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
        // It has just ended, or is not ours to end.
      }
    }
    await delay(DEFAULTS.markedPauseMs);
  }
}
