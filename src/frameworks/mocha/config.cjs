'use strict';
// The configuration passed to `mocha`: the project's own, as mocha reads it, without the test files it names. mocha would run those
// in addition to the one on its command line.

const { join } = require('node:path');
/** @import { Options } from './internals.js' */

const { loadOptionsOf, readSettings } = require('./parts.cjs');

const { mocha, args, hasOthers } = readSettings();
/** @type {Record<string, unknown> & Options} */
const options = { ...loadOptionsOf(mocha)(args) };
if (hasOthers) options.bail = false; // The failures of other files are not its concern.
if (options.parallel) options.exit = true; // Its workers are ended with what is open in them.
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
for (const name of Object.keys(options)) if (name.length === 1) delete options[name]; // Aliases, which would win up to version 7.

const reporter = join(__dirname, 'reporter.cjs');
module.exports = { ...options, reporter, require: [reporter, ...(options.require ?? [])] };
