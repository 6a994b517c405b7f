'use strict';
// The configuration `mocha` is called with: the project's own, as mocha itself reads it, without the files it names.
// mocha adds the files of its configuration to those of its command line, and Holdfast runs one file at a time.

const { join } = require('node:path');
/** @import { Options } from './internals.js' */

const { loadOptionsOf, readSettings } = require('./parts.cjs');

const { mocha, args } = readSettings();
/** @type {Record<string, unknown> & Options} */
const options = { ...loadOptionsOf(mocha)(args) };
for (const name of [
  '_',
  'spec',
  'config',
  'package',
  'opts',
  'reporter',
  'reporter-option',
  'watch',
  'parallel',
  'jobs',
  'color',
])
  delete options[name];

const reporter = join(__dirname, 'reporter.cjs');
module.exports = { ...options, reporter, require: [reporter, ...(options.require ?? [])] };
