'use strict';
// The reporter that `mocha` is called with, and a hook in its loader.

const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { mochaIn, readSettings } = require('./parts.cjs');
const { errorOf, reporterFor, tellerTo } = require('./collector.cjs');

const { mocha, report = '', file: asked = '', selection } = readSettings();
const Mocha = mochaIn(mocha);
const tell = tellerTo(report);

// mocha makes a reporter only once all files are loaded: what keeps one from loading is told from here.
const load = Mocha.prototype.loadFilesAsync;
Mocha.prototype.loadFilesAsync = function (/** @type {unknown[]} */ ...rest) {
  // With set-up files beside it, mocha only warns that the asked file is not there.
  if (!this.files.includes(resolve(asked))) tell({ type: 'notLoaded', message: `mocha found no file ${asked}`, stack: '' });
  return load.apply(this, rest).catch((error) => {
    tell({ type: 'notLoaded', ...errorOf(error) });
    throw error;
  });
};

const chosen = selection && JSON.parse(readFileSync(selection, 'utf8'));
module.exports = reporterFor(Mocha, { tell, selection: chosen });
