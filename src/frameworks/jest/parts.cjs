'use strict';
// Parts of the project's jest, each resolved from the package that depends on it.

const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');

/** @param {string} folder jest's package folder */
exports.partsOf = (folder) => {
  const ofJest = createRequire(join(folder, 'package.json'));
  const cliPath = ofJest.resolve('jest-cli');
  const ofCore = createRequire(ofJest.resolve('@jest/core'));
  const ofConfig = createRequire(ofCore.resolve('jest-config'));
  const ofRunner = createRequire(ofConfig.resolve('jest-runner'));
  const workers = dirname(ofRunner.resolve('jest-worker'));
  const programs = [join(workers, 'processChild.js'), join(workers, 'workers/processChild.js')]; // The second one up to version 29.
  return { ofJest, ofCore, cliPath, workerProgram: programs.find((path) => existsSync(path)) ?? '' };
};

/**
 * Silences jest's reports of coverage: what one file measures is merged with what others do, and misses every threshold by itself.
 * @param {(name: string) => unknown} ofCore
 */
exports.withoutCoverageReports = (ofCore) => {
  const { CoverageReporter } = /** @type {typeof import('@jest/reporters')} */ (ofCore('@jest/reporters'));
  CoverageReporter.prototype.onTestResult = () => undefined;
  CoverageReporter.prototype.onRunComplete = async () => undefined;
};
