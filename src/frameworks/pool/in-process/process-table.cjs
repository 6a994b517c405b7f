'use strict';
// Process information from proc(5). Without /proc there are no processes and no times.

const { readdirSync, readFileSync, readlinkSync } = require('node:fs');

/** The clock tick in which proc(5) counts the times in stat, in ms. */
const TICK_MS = 10;

/**
 * Maps the processes of a group to their parents.
 * @param {number} group
 * @returns {Map<number, number>}
 */
exports.parentsIn = (group) => {
  const pids = ifThere(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name));
  const found = pids.map((pid) => ({ pid: Number(pid), fields: fieldsOf(pid) })); // No fields if it has just ended.
  return new Map(found.filter(({ fields }) => Number(fields[2]) === group).map(({ pid, fields }) => [pid, Number(fields[1])]));
};

/** CPU time in ms of this process and the children it has waited for; undefined if unknown. */
exports.ownCpuMs = () => {
  const ticks = fieldsOf('self').slice(11, 15);
  return ticks.length === 0 ? undefined : TICK_MS * ticks.reduce((sum, field) => sum + Number(field), 0);
};

/**
 * The working directory of a process; null if unknown.
 * @param {number | undefined} pid
 */
exports.folderOf = (pid) => ifThere(() => readlinkSync(`/proc/${pid}/cwd`), null);

/**
 * The fields of stat after the process name, which may contain anything; empty if stat cannot be read.
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
