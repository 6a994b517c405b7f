'use strict';
// Keeps jest's configuration, file map and transforms, and runs test files one after another, each in its own environment, like jest's
// own workers, which ignore what a file leaves behind. An answer contains the exit code that jest would have had, and a report.

const { AsyncLocalStorage } = require('node:async_hooks');
const { dirname, join } = require('node:path');
const { serveFiles } = require('../pool/in-process/serve-files.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');
const { GlobalHooks } = require('./global-hooks.cjs');
const { writeMeasured } = require('./measured.cjs');
const { partsOf, withoutCoverageReports } = require('./parts.cjs');
const { reporterFor } = require('./reporter.cjs');

/** @import { Config } from '@jest/types' */
/** @import { JestOptions, JestSettings } from './adapter.js' */
/** @import { RunOne } from '../pool/in-process/serve-files.cjs' */

/** @type {JestSettings} */
const { jest: folder, bin, args, coverage: coverageFolder } = takeSettings();
const home = process.cwd();
process.argv = [process.execPath, bin, ...args];
process.env.NODE_ENV ??= 'test'; // As jest's command and its workers do.
const { ofJest, ofCore, cliPath, workerProgram } = partsOf(folder);

/** @type {typeof import('jest-cli').buildArgv} */
// Exported since version 30.
const buildArgv = require(cliPath).buildArgv ?? require(join(dirname(cliPath), 'run.js')).buildArgv;
/** @type {typeof import('@jest/core')} */
const { SearchSource, createTestScheduler } = ofJest('@jest/core');
withoutCoverageReports(ofCore);
/** @type {typeof import('jest-config')} */
const { readConfigs } = ofCore('jest-config');
/** @type {{ default: typeof import('jest-runtime').default }} */
const { default: Runtime } = ofCore('jest-runtime');
/** @type {typeof import('@jest/transform')} */
const { createScriptTransformer } = ofCore('@jest/transform');
/** @type {typeof import('jest-watcher')} */
const { TestWatcher } = ofCore('jest-watcher');

let filesMeasured = 0;
/** @type {GlobalHooks | null} */
let hooks = null;

serveFiles(
  prepare().catch((/** @type {Error} */ { message }) => {
    throw new Error(`jest could not be set up for a session: ${message}`);
  }),
  { ignoresLeft: true, atEnd: async () => hooks?.tearDown() },
);

/** @returns {Promise<RunOne<JestOptions>>} */
async function prepare() {
  const argv = await buildArgv([...args, '--watchAll=false', '--runInBand', '--bail=0']);
  const read = await readConfigs(argv, argv.projects ?? [home]);
  const obstacle = obstacleTo(read);
  if (obstacle) throw new Error(obstacle);
  // Test output is shown immediately and without reporters, since a green file needs no more.
  const globalConfig = { ...read.globalConfig, reporters: [], verbose: true };
  const options = { console, maxWorkers: 1, watch: false, watchman: globalConfig.watchman };
  const contexts = await Promise.all(read.configs.map((config) => Runtime.createContext(config, options)));
  hooks = new GlobalHooks(globalConfig, createScriptTransformer);
  const projects = contexts.map((context) => ({ context, source: new SearchSource(context) }));
  return (file, { pattern }) => run({ file, pattern }, { globalConfig, projects });
}

/**
 * Storages that the current file has used.
 * @type {Set<AsyncLocalStorage<unknown>>}
 */
const storages = new Set();
const { run: runInStorage } = AsyncLocalStorage.prototype;
/** @type {(this: AsyncLocalStorage<unknown>, ...args: Parameters<typeof runInStorage>) => unknown} */
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return runInStorage.apply(this, args);
};

/**
 * Disables the storages of the file that ended. Each file loads its own jest-circus with its own storage, which Node would otherwise
 * keep propagating through every promise of all later files.
 */
function forgetStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/**
 * Returns why files cannot share a process with this configuration, or undefined if they can.
 * @param {Pick<Awaited<ReturnType<typeof readConfigs>>, 'globalConfig'>} read
 */
function obstacleTo({ globalConfig }) {
  if (globalConfig.detectOpenHandles) return 'detectOpenHandles is configured';
}

/** @typedef {Awaited<ReturnType<typeof Runtime.createContext>>} Context */
/** @typedef {{ context: Context, source: InstanceType<typeof SearchSource> }} Project */

/**
 * @param {{ file: string } & JestOptions} test
 * @param {{ globalConfig: Config.GlobalConfig, projects: Project[] }} jest
 */
async function run({ file, pattern }, { globalConfig, projects }) {
  const path = join(home, file);
  const tests = projects.filter(({ source }) => source.isTestFilePath(path)).map(({ context }) => ({ context, path }));
  const config = Object.freeze({ ...globalConfig, testNamePattern: pattern ?? globalConfig.testNamePattern });
  /** @type {string[]} */
  const report = [];
  /** @type {string | undefined} */
  let coverage;
  const Reporter = reporterFor({
    tell: (event) => report.push(JSON.stringify(event)),
    workerProgram,
    onCoverage(measured) {
      coverage ??= `${++filesMeasured}`;
      writeMeasured(join(coverageFolder, coverage, `${report.length}.json`), measured);
    },
  });
  try {
    await hooks?.setUp(tests.map(({ context }) => context.config));
    const scheduler = await createTestScheduler(config, { firstRun: true, previousSuccess: true });
    scheduler.addReporter(new Reporter());
    const results = await scheduler.scheduleTests(tests, new TestWatcher({ isWatchMode: false }));
    return { exitCode: results.success ? 0 : 1, report: report.join('\n'), coverage };
  } catch (error) {
    console.error(error);
    return { exitCode: 1 };
  } finally {
    forgetStorages();
  }
}
