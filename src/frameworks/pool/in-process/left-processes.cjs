'use strict';
// What a test has started and not ended, in a process that goes on after it.

const { readdirSync, readFileSync } = require('node:fs');

/** Kills all of this group but this process, and one that is kept with what it has started. */
exports.killWhatIsLeft = (kept) => {
  const group = exports.processesOf(process.pid);
  const isKept = (pid) => pid === kept || (group.has(pid) && isKept(group.get(pid)));
  for (const pid of group.keys()) {
    if (pid === process.pid || isKept(pid)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
};

/** Those of a process group, each with its parent. Linux only: none elsewhere, and the worker ends them with this process. */
exports.processesOf = (group) => {
  const found = new Map();
  for (const name of filesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(name);
    const [, parent, own] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // proc(5): the name before may hold anything.
    if (Number(own) === group) found.set(Number(name), Number(parent));
  }
  return found;
};

function filesIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readStat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
