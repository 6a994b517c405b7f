'use strict';
// What a test file may leave behind in its process that another one might notice.

const home = process.cwd();

/** @typedef {ReturnType<typeof stateOf>} State */

/**
 * `names` are variables that each file has of its own.
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
 * Words for what is not as it was; none where all is.
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
