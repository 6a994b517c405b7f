'use strict';
// Detects what a test file leaves behind in its process that could affect another file.

const home = process.cwd();

/** @typedef {ReturnType<typeof stateOf>} State */

/**
 * Captures the state of this process. `names` are environment variables that differ for every file and are ignored.
 * @param {readonly string[]} names
 */
function stateOf(names) {
  const environment = { ...process.env };
  for (const name of names) delete environment[name];
  const resources = process.getActiveResourcesInfo().filter((name) => name !== 'Immediate' && name !== 'TickObject');
  return {
    folder: process.cwd(),
    environment: JSON.stringify(environment),
    globals: Object.getOwnPropertyNames(globalThis),
    resources,
  };
}
exports.stateOf = stateOf;

/**
 * Describes each difference between two states; also restores the working directory.
 * @param {State} before
 * @param {State} after
 */
exports.differences = (before, after) => {
  const added = after.globals.filter((name) => !before.globals.includes(name));
  const left = [
    ...(after.folder === before.folder ? [] : [`the working folder is ${after.folder}`]),
    ...(after.environment === before.environment ? [] : ['the environment has changed']),
    ...(added.length === 0 ? [] : [`new globals: ${added.slice(0, 5).join(', ')}`]),
    ...(after.resources.length <= before.resources.length ? [] : [`still open: ${[...new Set(after.resources)].join(', ')}`]),
  ];
  if (after.folder !== before.folder) process.chdir(home);
  return left;
};
