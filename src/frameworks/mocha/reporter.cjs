'use strict';
// The reporter that `mocha` is run with, and a hook into its loader.

const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { mochaIn, readSettings } = require('./parts.cjs');
const { endingAfter, errorOf, reporterFor, tellerTo } = require('./collector.cjs');

const { mocha, report = '', file = '', selection, hasOthers } = readSettings();
const Mocha = mochaIn(mocha);
const tell = tellerTo(report);

// mocha creates its reporter only after all files have loaded, so load errors are reported from here.
const load = Mocha.prototype.loadFilesAsync;
Mocha.prototype.loadFilesAsync = function (/** @type {unknown[]} */ ...rest) {
  // If there are setup files too, mocha only warns about a missing test file.
  if (!this.files.includes(resolve(file))) tell({ type: 'notLoaded', message: `mocha found no file ${file}`, stack: '' });
  return load.apply(this, rest).catch((error) => {
    tell({ type: 'notLoaded', ...errorOf(error) });
    throw error;
  });
};

const chosen = selection && JSON.parse(readFileSync(selection, 'utf8'));
const own = hasOthers ? resolve(file) : undefined;
module.exports = endingAfter(reporterFor(Mocha, { tell, selection: chosen, own }), tell);
