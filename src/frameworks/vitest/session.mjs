// A process that keeps vitest, and runs one test file after the other with it, isolated from each other as the project wants it. Each file
// of an order has an answer as soon as it has ended: the exit code that `vitest run` would have had, what its `json` reporter would have said, what the
// file took, and where its output ends.

import { fstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openChannel } from '../pool/in-process/channel.cjs';

const { vitest: folder, args, setup } = JSON.parse(process.env.HOLDFAST_VITEST);
delete process.env.HOLDFAST_VITEST;
const home = process.cwd();
const channel = openChannel();

const STDOUT = 1;

/** In the order they are asked for: vitest would begin with those that failed last. */
class AsAsked {
  shard = (specifications) => specifications;
  sort = (specifications) => specifications;
}

/** Files of the order that have no answer yet: of how many modules, and those that have ended. */
const open = new Map();
let vitest;
/** Since when the file that ends next is being run; null for the first of a call, which waits for what the call itself needs. */
let begunAt = null;
/** What the last file took beside that: with isolation a process of its own. */
let aroundMs = 0;

/** What the project's own reporters would do is for whole runs; what tests print is all that a person wants of a green file. */
const reporter = {
  onUserConsoleLog: ({ content, type }) => process[type].write(content),
  onTestModuleEnd(module) {
    const file = relative(home, module.moduleId);
    const one = open.get(file);
    one?.ended.push(module);
    if (one?.ended.length === one?.count) tell(file, one.ended);
  },
};

/** Green only where that is certain. */
function tell(file, modules) {
  open.delete(file);
  const isGreen = modules.length > 0 && vitest.state.getUnhandledErrors().length === 0 && modules.every((module) => module.ok());
  const report = JSON.stringify({ testResults: modules.map(resultOf) });
  const now = performance.now();
  const ownMs = sumOf(modules.map(msOf));
  const tookMs = begunAt === null ? ownMs + aroundMs : now - begunAt;
  aroundMs = Math.max(0, tookMs - ownMs);
  begunAt = now;
  const durationMs = Math.round(tookMs);
  void channel.send({ kind: 'exited', file, exitCode: isGreen ? 0 : 1, report, durationMs, outputEnd: fstatSync(STDOUT).size });
}

const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);

/** From its set-up files to its last test. */
function msOf(module) {
  const { setupDuration, collectDuration, duration } = module.diagnostic();
  return sumOf([setupDuration, collectDuration, duration]);
}

/** Words of the suite by which it chooses its files. */
let chosenBy;

const prepared = (async () => {
  const { createVitest, parseCLI } = await import(pathToFileURL(join(folder, 'dist/node.js')));
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  chosenBy = filter;
  const alone = { watch: false, run: true, bail: 0, maxWorkers: 1, minWorkers: 1, reporters: [reporter] };
  vitest = await createVitest('test', { ...options, ...alone, sequence: { ...options.sequence, sequencer: AsAsked } });
  if (typeof vitest.getModuleSpecifications !== 'function') throw new Error('this vitest cannot be asked for single files');
  await vitest.globTestSpecifications(); // It knows single files once it has looked.
  for (const { config } of vitest.projects) config.setupFiles.push(setup);
})();

/** Why a session cannot do what `vitest run` does here; undefined where it can. */
function whyNot({ config, projects }) {
  if (config.coverage?.enabled) return 'coverage is configured, which vitest writes at the end of a process';
  if (projects.some((project) => project.config.browser?.enabled)) return 'a browser is configured';
  if (projects.some((project) => project.config.typecheck?.enabled)) return 'types are configured to be checked';
}

/** Works once vitest is there, if it can be used. */
const whenPrepared = (work) => async (order) => {
  try {
    await prepared;
  } catch (error) {
    return channel.send({ kind: 'cannot', reason: `vitest could not be kept: ${error.message}` });
  }
  const reason = whyNot(vitest);
  return reason ? channel.send({ kind: 'cannot', reason }) : work(order);
};

/** What `vitest list --filesOnly` says. */
async function list() {
  try {
    const specifications = await vitest.getRelevantTestSpecifications(chosenBy);
    const files = specifications.map(({ moduleId }) => relative(home, moduleId));
    await channel.send({ kind: 'listed', files: [...new Set(files)].sort() });
  } catch (error) {
    await channel.send({ kind: 'cannot', reason: `vitest could not list its files: ${error.message}` });
  }
}

async function run({ files, env, options: { pattern } }) {
  Object.assign(process.env, env);
  if (pattern === undefined) vitest.resetGlobalTestNamePattern();
  else vitest.setGlobalTestNamePattern(pattern);
  begunAt = null;
  const specifications = files.flatMap((file) => {
    const found = vitest.getModuleSpecifications(join(home, file));
    open.set(file, { count: found.length, ended: [] });
    return found;
  });
  await vitest.runTestSpecifications(specifications).catch((error) => console.error(error));
  for (const file of open.keys()) tell(file, []);
}

function resultOf(module) {
  return {
    name: module.moduleId,
    status: module.ok() ? 'passed' : 'failed',
    assertionResults: [...module.children.allTests()].map(assertionOf),
  };
}

function assertionOf(test) {
  const { state, errors } = test.result();
  const ancestorTitles = [];
  for (let { parent } = test; parent.type === 'suite'; parent = parent.parent) ancestorTitles.unshift(parent.name);
  return {
    ancestorTitles,
    title: test.name,
    status: test.options.mode === 'todo' ? 'todo' : state,
    duration: test.diagnostic()?.duration ?? null,
    failureMessages: (errors ?? []).map(({ stack, message }) => stack ?? message),
  };
}

channel.serve({ run: whenPrepared(run), list: whenPrepared(list) });
