'use strict';
// Writes the test files of a mocha project, as a JSON array of absolute paths, to the file named on the command line.
// Uses mocha's own lookup and does not load the files, so that broken ones are listed too.

const { writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');
const { loadOptionsOf, lookupFilesOf, readSettings } = require('./parts.cjs');

const { mocha, args } = readSettings();
const loadOptions = loadOptionsOf(mocha);
const lookupFiles = lookupFilesOf(mocha);
const matcher = createRequire(join(mocha, 'package.json'))('minimatch');
const minimatch = matcher.minimatch ?? matcher;

const { _: specs = [], ignore = [], extension = [], recursive = false } = loadOptions(args);
const files = new Set();
for (const spec of specs.length > 0 ? specs : ['./test']) {
  for (const file of lookUp(spec)) {
    if (!ignore.some((pattern) => minimatch(file, pattern))) files.add(resolve(file));
  }
}
writeFileSync(process.argv[2] ?? '', JSON.stringify([...files]));

/**
 * @param {string} spec
 * @returns {readonly string[]}
 */
function lookUp(spec) {
  try {
    return [lookupFiles(spec, extension, recursive)].flat();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MOCHA_NO_FILES_MATCH_PATTERN') return [];
    throw error;
  }
}
