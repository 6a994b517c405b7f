'use strict';
// What a test has started and not ended, in a process that goes on after it.

const { parentsIn } = require('./process-table.cjs');

/**
 * Kills all of this group but this process, and one that is kept with what it has started.
 * @param {number} [kept]
 */
exports.killWhatIsLeft = (kept) => {
  const parents = parentsIn(process.pid);
  /** @type {(pid: number | undefined) => boolean} */
  const isKept = (pid) => pid !== undefined && (pid === kept || isKept(parents.get(pid)));
  for (const pid of parents.keys()) {
    if (pid === process.pid || isKept(pid)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
};
