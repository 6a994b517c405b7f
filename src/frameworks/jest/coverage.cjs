'use strict';
// Merges what jest measured in each attempt with jest's own reporter of coverage: it adds the files that no test has loaded, writes the
// reports and judges the thresholds, as at the end of `jest --coverage`.

const { dirname, join } = require('node:path');
const { filesBelow } = require('../pool/in-process/files-below.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');
const { readMeasured } = require('./measured.cjs');
const { partsOf } = require('./parts.cjs');

/** @import { JestCoverageSettings } from './adapter.js' */
/** @import { Test, TestResult, AggregatedResult } from '@jest/test-result' */

/** @type {JestCoverageSettings} */
const { jest: folder, bin, args, raw, scratch } = takeSettings();
process.argv = [process.execPath, bin, ...args];
process.env.NODE_ENV ??= 'test';

const BELOW = 1;
const NO_REPORT = 2;

merge().then(
  (isBelow) => {
    process.exitCode = isBelow ? BELOW : 0;
  },
  (error) => {
    console.error(error);
    process.exitCode = NO_REPORT;
  },
);

/** Resolves to whether a threshold is missed. */
async function merge() {
  const { ofCore, cliPath } = partsOf(folder);
  /** @type {typeof import('jest-cli').buildArgv} */
  const buildArgv = require(cliPath).buildArgv ?? require(join(dirname(cliPath), 'run.js')).buildArgv; // Exported since version 30.
  /** @type {typeof import('jest-config')} */
  const { readConfigs } = ofCore('jest-config');
  /** @type {{ default: typeof import('jest-runtime').default }} */
  const { default: Runtime } = ofCore('jest-runtime');
  /** @type {typeof import('@jest/reporters')} */
  const { CoverageReporter } = ofCore('@jest/reporters');

  const argv = await buildArgv([...args, '--coverage', '--watchAll=false']);
  const { globalConfig, configs } = await readConfigs(argv, argv.projects ?? [process.cwd()]);
  const { maxWorkers, watchman } = globalConfig;
  const options = { console, maxWorkers, watch: false, watchman };
  const reporter = new CoverageReporter(globalConfig, /** @type {never} */ ({}));
  for (const path of filesBelow(raw))
    reporter.onTestResult(/** @type {Test} */ ({}), /** @type {TestResult} */ (readMeasured(path, scratch)));
  const contexts = await Promise.all(configs.map((config) => Runtime.createContext(config, options)));
  await reporter.onRunComplete(new Set(contexts), /** @type {AggregatedResult} */ ({}));
  return reporter.getLastError() !== undefined;
}
