'use strict';
// Runs mocha files one after another, each with a fresh Mocha instance, like mocha's own parallel workers: test files are loaded anew,
// the modules they require stay cached. An answer contains the exit code that mocha would have had, and the report.

const { join, resolve } = require('node:path');
const { handleRequiresOf, isNodeFlagOf, loadOptionsOf, mochaIn } = require('./parts.cjs');
const { errorOf, reporterFor } = require('./collector.cjs');
const { serveFiles } = require('../pool/in-process/serve-files.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { Options } from './internals.js' */
/** @import { Tell } from './collector.cjs' */
/** @import { MochaOptions, MochaSessionSettings } from './adapter.js' */
/** @import { RunOne } from '../pool/in-process/serve-files.cjs' */

/** @type {MochaSessionSettings} */
const { mocha: folder, args, coverage } = takeSettings();
const Mocha = mochaIn(folder);
const configured = loadOptionsOf(folder)(args);
const options = { ...configured, parallel: false, watch: false };

// With `--exit` mocha ends at once; with `--parallel` it ends its workers.
serveFiles(prepare(), { ignoresOpen: Boolean(configured.exit || configured.parallel), coverage });

/** @returns {Promise<RunOne<MochaOptions>>} */
async function prepare() {
  if (Number.parseInt(require(join(folder, 'package.json')).version, 10) < 8) throw new Error('it is mocha before version 8');
  const isNodeFlag = isNodeFlagOf(folder);
  const flag = Object.keys(options).find((name) => name === 'node-option' || isNodeFlag(name));
  if (flag !== undefined) throw new Error(`mocha is configured with --${flag}, which is a Node flag`);
  const plugins = await handleRequiresOf(folder)(options.require).catch((error) => {
    throw new Error(`a module that mocha is configured to require could not be loaded: ${error.message}`);
  });
  const idle = new Mocha({ ...options, reporter: 'min' });
  idle.suite.emit('pre-require', globalThis, '', idle); // Defines the globals of the interface, so that no file is blamed for them.
  return async (file, { selection }) => {
    /** @type {string[]} */
    const report = [];
    const exitCode = await run({ file, selection }, { plugins, tell: (event) => report.push(JSON.stringify(event)) });
    return { exitCode, report: report.join('\n') };
  };
}

/**
 * @param {{ file: string } & MochaOptions} test
 * @param {{ plugins: Options, tell: Tell }} context
 */
async function run({ file, selection }, { plugins, tell }) {
  const mocha = new Mocha({ ...options, ...plugins, reporter: reporterFor(Mocha, { tell, selection }) });
  mocha.files = [...(options.file ?? []), file].map((path) => resolve(path));
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    tell({ type: 'notLoaded', ...errorOf(error) });
    console.error('\n Exception during run:', error);
    mocha.unloadFiles();
    return 1;
  }
  const failures = await /** @type {Promise<number>} */ (new Promise((resolve) => mocha.run(resolve)));
  mocha.dispose();
  return Math.min(failures, 255);
}
