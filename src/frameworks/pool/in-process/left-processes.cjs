'use strict';
// Cleans up processes that a test started and did not end.

const { parentsIn } = require('./process-table.cjs');

/**
 * Kills every process in this process's group, except this process, `kept` and the descendants of `kept`.
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
