'use strict';
// What jest measures of the coverage of one file, as a file: it is merged with that of all others at the end of the run, which may be on
// another machine. So it contains the source maps that jest has in its cache here.

const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** @import { TestResult } from '@jest/test-result' */
/** @typedef {Pick<TestResult, 'coverage' | 'v8Coverage'>} Measured */
/** @typedef {Measured & { sourceMaps?: Record<string, unknown> }} Kept */

/**
 * @param {string} path
 * @param {Measured} measured
 */
exports.writeMeasured = (path, { coverage, v8Coverage }) => {
  const paths = new Set(v8Coverage?.flatMap(({ codeTransformResult }) => codeTransformResult?.sourceMapPath ?? []));
  const maps = [...paths].filter((one) => existsSync(one)).map((one) => `${JSON.stringify(one)}:${readFileSync(one, 'utf8')}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `{"sourceMaps":{${maps.join(',')}},${JSON.stringify({ coverage, v8Coverage }).slice(1)}`);
};

let mapsWritten = 0;

/**
 * Reads what `writeMeasured` wrote. Source maps that are not on this machine are written to `scratch`.
 * @param {string} path
 * @param {string} scratch
 * @returns {Measured}
 */
exports.readMeasured = (path, scratch) => {
  /** @type {Kept} */
  const { coverage, v8Coverage, sourceMaps = {} } = JSON.parse(readFileSync(path, 'utf8'));
  for (const { codeTransformResult } of v8Coverage ?? []) {
    const map = codeTransformResult?.sourceMapPath;
    if (!codeTransformResult || !map || existsSync(map) || !(map in sourceMaps)) continue;
    codeTransformResult.sourceMapPath = join(scratch, `${++mapsWritten}.map`);
    writeFileSync(codeTransformResult.sourceMapPath, JSON.stringify(sourceMaps[map]));
  }
  return { coverage, v8Coverage };
};
