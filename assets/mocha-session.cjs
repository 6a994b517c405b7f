'use strict';
// A process that runs one mocha file after the other, each with a fresh Mocha, as mocha's own parallel workers do: the files themselves are
// loaded anew, what they require is kept. An order is a line of JSON on descriptor 3; the answer tells the exit code that mocha would have
// had, its report, and what the file has left behind that another one might notice.

const { Socket } = require('node:net');
const { resolve } = require('node:path');
const { createInterface } = require('node:readline');
const { differences, stateOf } = require('./leaks.cjs');
const { handleRequiresOf, isNodeFlagOf, loadOptionsOf, mochaIn } = require('./mocha-parts.cjs');
const { errorOf, reporterFor } = require('./mocha-report.cjs');

const { mocha: folder, args } = JSON.parse(process.env.HOLDFAST_MOCHA);
delete process.env.HOLDFAST_MOCHA;
const Mocha = mochaIn(folder);
const isNodeFlag = isNodeFlagOf(folder);

const options = { ...loadOptionsOf(folder)(args), parallel: false, watch: false };
const flag = Object.keys(options).find((name) => name === 'node-option' || isNodeFlag(name));
const channel = new Socket({ fd: 3 });
const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);

let plugins;
const prepared = (async () => {
  plugins = await handleRequiresOf(folder)(options.require);
  const idle = new Mocha({ ...options, reporter: 'min' });
  idle.suite.emit('pre-require', globalThis, '', idle); // The interface's own globals are nobody's leak.
})();
prepared.catch(() => undefined); // Each order tells it.

createInterface({ input: channel }).on('line', async (line) => {
  const order = JSON.parse(line);
  if (flag !== undefined) return answer({ cannot: `mocha is configured with --${flag}, a flag of node's own` });
  try {
    await prepared;
  } catch (error) {
    return answer({ cannot: `what mocha is told to require could not be loaded: ${error.message}` });
  }
  const names = Object.keys(order.env);
  Object.assign(process.env, order.env);
  const before = stateOf(names);
  const report = [];
  const exitCode = await run(order, (event) => report.push(JSON.stringify(event)));
  setImmediate(() => answer({ exitCode, report: report.join('\n'), left: differences(before, stateOf(names)) })); // What ends with the file has ended.
});
channel.on('end', () => process.exit(0));

async function run({ file, selection }, tell) {
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
  const failures = await new Promise((resolve) => mocha.run(resolve));
  mocha.dispose();
  return Math.min(failures, 255);
}
