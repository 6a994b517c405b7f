'use strict';
// A process that keeps jest's configuration, file map and transforms, and runs one test file after the other, each in an environment of its own, as
// jest's own workers do. An order is a line of JSON on descriptor 3; the answer tells the exit code that jest would have had, what its `--json` would
// have said, and what the file has left behind that another one might notice.

const { createRequire } = require('node:module');
const { Socket } = require('node:net');
const { dirname, join } = require('node:path');
const { createInterface } = require('node:readline');
const { differences, stateOf } = require('./leaks.cjs');

const { jest: folder, args } = JSON.parse(process.env.HOLDFAST_JEST);
delete process.env.HOLDFAST_JEST;
const home = process.cwd();
process.env.NODE_ENV ??= 'test'; // As jest's command and its workers have it.
process.env.JEST_WORKER_ID = '1';
const channel = new Socket({ fd: 3 });
const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);

/** Parts of jest, each as the one above it would find it. */
const ofJest = createRequire(join(folder, 'package.json'));
const cliPath = ofJest.resolve('jest-cli');
const buildArgv = require(cliPath).buildArgv ?? require(join(dirname(cliPath), 'run.js')).buildArgv; // Exported from version 30 on.
const { SearchSource, createTestScheduler } = ofJest('@jest/core');
const ofCore = createRequire(ofJest.resolve('@jest/core'));
const { readConfigs } = ofCore('jest-config');
const Runtime = ofCore('jest-runtime').default;
const { formatTestResults } = ofCore('@jest/test-result');
const { TestWatcher } = ofCore('jest-watcher');

let globalConfig;
/** What jest knows of each project, and which files belong to it. */
let projects;
const prepared = (async () => {
  const argv = await buildArgv([...args, '--ci', '--watchAll=false', '--runInBand', '--bail=0']);
  const read = await readConfigs(argv, argv.projects ?? [home]);
  globalConfig = { ...read.globalConfig, reporters: [], verbose: true }; // What tests print comes at once, and is all that a person wants of a green file.
  const cannot = whyNot(read);
  if (cannot) throw new Error(cannot);
  const options = { console, maxWorkers: 1, watch: false, watchman: globalConfig.watchman };
  const contexts = await Promise.all(read.configs.map((config) => Runtime.createContext(config, options)));
  projects = contexts.map((context) => ({ context, source: new SearchSource(context) }));
})();
prepared.catch(() => undefined); // Each order tells it.

/** Why files must not share a process here; undefined where they may. */
function whyNot({ globalConfig, configs }) {
  if (globalConfig.collectCoverage) return 'coverage is configured, which jest writes at the end of a run';
  if (configs.some((config) => config.globalSetup || config.globalTeardown)) return 'globalSetup or globalTeardown is configured';
  if (globalConfig.detectOpenHandles) return 'open handles are to be detected';
}

createInterface({ input: channel }).on('line', async (line) => {
  const order = JSON.parse(line);
  try {
    await prepared;
  } catch (error) {
    return answer({ cannot: `jest could not be kept: ${error.message}` });
  }
  Object.assign(process.env, order.env);
  const names = Object.keys(order.env);
  const before = stateOf(names);
  const results = await run(order).catch((error) => console.error(error));
  const report = results ? JSON.stringify(formatTestResults(results)) : null;
  setImmediate(() => answer({ exitCode: results?.success ? 0 : 1, report, left: differences(before, stateOf(names)) })); // What ends with the file has ended.
});
channel.on('end', () => process.exit(0));

async function run({ file, pattern }) {
  const path = join(home, file);
  const tests = projects.filter(({ source }) => source.isTestFilePath(path)).map(({ context }) => ({ context, path }));
  const config = Object.freeze({ ...globalConfig, testNamePattern: pattern ?? globalConfig.testNamePattern });
  const scheduler = await createTestScheduler(config, { firstRun: true, previousSuccess: true, startRun: null });
  return scheduler.scheduleTests(tests, new TestWatcher({ isWatchMode: false }));
}
