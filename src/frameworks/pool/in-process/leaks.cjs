'use strict';
// Detects what a test file leaves behind in its process that could affect another file.

const { endListeners, openAfterClosing, resources } = require('./open.cjs');

const home = process.cwd();

/** @typedef {ReturnType<typeof stateOf>} State */

/**
 * Captures the state of this process. `names` are environment variables that differ for every file and are ignored.
 * @param {readonly string[]} names
 */
function stateOf(names) {
  const environment = { ...process.env };
  for (const name of names) delete environment[name];
  return {
    folder: process.cwd(),
    environment: JSON.stringify(environment),
    globals: Object.getOwnPropertyNames(globalThis),
    resources: resources(),
    exitCode: process.exitCode,
  };
}
exports.stateOf = stateOf;

/**
 * Describes what a file has changed and what it has left open since `before`; also restores the working directory and the exit code.
 * @param {State} before
 * @param {readonly string[]} names as for `stateOf`
 */
exports.leftSince = async (before, names) => {
  const stillOpen = await openAfterClosing(before.resources);
  const after = stateOf(names);
  const added = after.globals.filter((name) => !before.globals.includes(name));
  const open = [...stillOpen, ...endListeners()];
  const left = [
    ...(after.folder === before.folder ? [] : [`the working folder is ${after.folder}`]),
    ...(after.environment === before.environment ? [] : ['the environment has changed']),
    ...(added.length === 0 ? [] : [`new globals: ${added.slice(0, 5).join(', ')}`]),
    ...(open.length === 0 ? [] : [`still open: ${open.join(', ')}`]),
  ];
  exports.goHome();
  process.exitCode = before.exitCode;
  return { after, left, isOpen: open.length > 0 };
};

/** Returns to the working directory in which this process started. */
exports.goHome = () => {
  if (process.cwd() !== home) process.chdir(home);
};
