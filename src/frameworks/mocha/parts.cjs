'use strict';
// Parts of the project's mocha that its package does not export: until version 11 in CommonJS (`.js`), from 12 on beside modules (`.cjs`).

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const partOf = (folder, name) => {
  const path = join(folder, 'lib', name);
  return require(existsSync(`${path}.cjs`) ? `${path}.cjs` : `${path}.js`);
};

exports.mochaIn = (folder) => {
  const Mocha = require(folder);
  return Mocha.default ?? Mocha;
};

exports.loadOptionsOf = (folder) => partOf(folder, 'cli/options').loadOptions;

exports.lookupFilesOf = (folder) => {
  const found = partOf(folder, 'cli/lookup-files');
  return found.lookupFiles ?? found.default ?? found;
};

exports.isNodeFlagOf = (folder) => partOf(folder, 'cli/node-flags').isNodeFlag;

exports.handleRequiresOf = (folder) => partOf(folder, 'cli/run-helpers').handleRequires;
