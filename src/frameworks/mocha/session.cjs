'use strict';
// A process that runs one mocha file after the other, each with a fresh Mocha, as mocha's own parallel workers do: the files
// themselves are loaded anew, what they require is kept. An answer tells the exit code that mocha would have had, and its report.

const { resolve } = require('node:path');
const { handleRequiresOf, isNodeFlagOf, loadOptionsOf, mochaIn } = require('./parts.cjs');
const { errorOf, reporterFor } = require('./collector.cjs');
const { serveFiles } = require('../pool/in-process/serve-files.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { Options } from './internals.js' */
/** @import { Tell } from './collector.cjs' */
/** @import { MochaOptions, MochaSettings } from './adapter.js' */
/** @import { RunOne } from '../pool/in-process/serve-files.cjs' */

/** @type {MochaSettings} */
const { mocha: folder, args } = takeSettings();
const Mocha = mochaIn(folder);
const options = { ...loadOptionsOf(folder)(args), parallel: false, watch: false };

serveFiles(prepare());

/** @returns {Promise<RunOne<MochaOptions>>} */
async function prepare() {
  const isNodeFlag = isNodeFlagOf(folder);
  const flag = Object.keys(options).find((name) => name === 'node-option' || isNodeFlag(name));
  if (flag !== undefined) throw new Error(`mocha is configured with --${flag}, a flag of node's own`);
  const plugins = await handleRequiresOf(folder)(options.require).catch((error) => {
    throw new Error(`what mocha is told to require could not be loaded: ${error.message}`);
  });
  const idle = new Mocha({ ...options, reporter: 'min' });
  idle.suite.emit('pre-require', globalThis, '', idle); // The interface's own globals are nobody's leak.
  return async (file, { selection }) => {
    /** @type {string[]} */
    const report = [];
    const exitCode = await run({ file, selection }, { plugins, tell: (event) => report.push(JSON.stringify(event)) });
    return { exitCode, report: report.join('\n') };
  };
}

/**
 * @param {{ file: string } & MochaOptions} what
 * @param {{ plugins: Options, tell: Tell }} how
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
