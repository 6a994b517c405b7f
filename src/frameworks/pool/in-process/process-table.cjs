'use strict';
// What the system tells of processes: proc(5). Where there is no /proc, nothing is known of any.

const { readdirSync, readFileSync, readlinkSync } = require('node:fs');

/** proc(5): the unit of the times in stat, in ms. */
const TICK_MS = 10;

/**
 * The processes of a group, each with its parent.
 * @param {number} group
 * @returns {Map<number, number>}
 */
exports.parentsIn = (group) => {
  const pids = ifThere(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name));
  const found = pids.map((pid) => ({ pid: Number(pid), fields: fieldsOf(pid) })); // One that has just ended has none.
  return new Map(found.filter(({ fields }) => Number(fields[2]) === group).map(({ pid, fields }) => [pid, Number(fields[1])]));
};

/** Processor time in ms of this process and of children it has waited for; undefined where it is not known. */
exports.ownCpuMs = () => {
  const ticks = fieldsOf('self').slice(11, 15);
  return ticks.length === 0 ? undefined : TICK_MS * ticks.reduce((sum, field) => sum + Number(field), 0);
};

/**
 * Working folder of a process; null where it is not known.
 * @param {number | undefined} pid
 */
exports.folderOf = (pid) => ifThere(() => readlinkSync(`/proc/${pid}/cwd`), null);

/**
 * The fields of stat behind the name, which may hold anything; none where it cannot be read.
 * @param {string} pid
 */
function fieldsOf(pid) {
  const stat = ifThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/**
 * @template T, U
 * @param {() => T} read
 * @param {U} otherwise
 * @returns {T | U}
 */
function ifThere(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
