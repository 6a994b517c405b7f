'use strict';
// Loads parts of the project's mocha that its package does not export. They are CommonJS: `.js` up to version 11, `.cjs` from 12 on.

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** @import { HandleRequires, IsNodeFlag, LoadOptions, LookupFiles, MochaClass } from './internals.js' */
/** @import { MochaReporting, MochaSettings } from './adapter.js' */

/**
 * @param {string} folder
 * @param {string} name
 */
const partOf = (folder, name) => {
  const path = join(folder, 'lib', name);
  return require(existsSync(`${path}.cjs`) ? `${path}.cjs` : `${path}.js`);
};

/** The settings of a process that runs mocha's command or the listing. */
exports.readSettings = () => {
  /** @type {MochaSettings & Partial<MochaReporting>} */
  const settings = JSON.parse(process.env.HOLDFAST_MOCHA ?? '{}');
  return settings;
};

/** @type {(folder: string) => MochaClass} */
exports.mochaIn = (folder) => {
  const Mocha = require(folder);
  return Mocha.default ?? Mocha;
};

/** @type {(folder: string) => LoadOptions} */
exports.loadOptionsOf = (folder) => partOf(folder, 'cli/options').loadOptions;

/** @type {(folder: string) => LookupFiles} */
exports.lookupFilesOf = (folder) => {
  const { lookupFiles } = partOf(folder, 'utils'); // Up to version 7.
  if (lookupFiles) return lookupFiles;
  const found = partOf(folder, 'cli/lookup-files');
  return found.lookupFiles ?? found.default ?? found;
};

/** @type {(folder: string) => IsNodeFlag} */
exports.isNodeFlagOf = (folder) => partOf(folder, 'cli/node-flags').isNodeFlag;

/** @type {(folder: string) => HandleRequires} */
exports.handleRequiresOf = (folder) => partOf(folder, 'cli/run-helpers').handleRequires;
