// A process that keeps vitest, and runs one test file after the other with it, isolated from each other as the project wants it.
// Each file of an order has an answer as soon as it has ended: the exit code that `vitest run` would have had, what its `json`
// reporter would have said, what the file took, and where its output ends.

import { fstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openChannel } from '../pool/in-process/channel.cjs';
import { takeSettings } from '../pool/in-process/settings.cjs';

/** @import { Reporter, TestCase, TestModule, TestSequencer, TestSpecification, Vitest } from 'vitest/node' */
/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { VitestOptions, VitestSettings } from './adapter.js' */
/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */

/** @type {VitestSettings} */
const { vitest: folder, args, setup } = takeSettings();
const home = process.cwd();
const { send, serve } = openChannel();

const STDOUT = 1;

/**
 * In the order they are asked for: vitest would begin with those that failed last.
 * @implements {TestSequencer}
 */
class AsAsked {
  /** @param {TestSpecification[]} specifications */
  shard = (specifications) => specifications;
  /** @param {TestSpecification[]} specifications */
  sort = (specifications) => specifications;
}

/**
 * Files of the order that have no answer yet: of how many modules, and those that have ended.
 * @type {Map<string, { count: number, ended: TestModule[] }>}
 */
const open = new Map();
/**
 * Since when the file that ends next is being run; null for the first of a call, which waits for what the call itself needs.
 * @type {number | null}
 */
let begunAt = null;
/** What the last file took beside that: with isolation a process of its own. */
let aroundMs = 0;

async function prepare() {
  const { vitest, filter } = await createIt().catch((/** @type {Error} */ { message }) => {
    throw new Error(`vitest could not be kept: ${message}`);
  });
  const reason = whyNot(vitest);
  if (reason) throw new Error(reason);
  return { vitest, filter };
}

/** vitest, and the words of the suite by which it chooses its files. */
async function createIt() {
  /** @type {typeof import('vitest/node')} */
  const { createVitest, parseCLI } = await import(pathToFileURL(join(folder, 'dist/node.js')).href);
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const alone = { watch: false, run: true, bail: 0, maxWorkers: 1, minWorkers: 1 };
  const sequence = { ...options.sequence, sequencer: AsAsked };
  /** @type {Vitest} */
  const vitest = await createVitest('test', { ...options, ...alone, sequence, reporters: [reporterOf(() => vitest)] });
  if (typeof vitest.getModuleSpecifications !== 'function') throw new Error('this vitest cannot be asked for single files');
  await vitest.globTestSpecifications(); // It knows single files once it has looked.
  for (const { config } of vitest.projects) config.setupFiles.push(setup);
  return { vitest, filter };
}

/**
 * What the project's own reporters would do is for whole runs; what tests print is all that a person wants of a green file.
 * @param {() => Vitest} vitestOf
 * @returns {Reporter}
 */
function reporterOf(vitestOf) {
  return {
    onUserConsoleLog: ({ content, type }) => void process[type].write(content),
    onTestModuleEnd(module) {
      const file = relative(home, module.moduleId);
      const one = open.get(file);
      one?.ended.push(module);
      if (one && one.ended.length === one.count) answer(vitestOf(), file, one.ended);
    },
  };
}

/**
 * Green only where that is certain.
 * @param {Vitest} vitest
 * @param {string} file
 * @param {readonly TestModule[]} modules
 */
function answer(vitest, file, modules) {
  open.delete(file);
  const isGreen = modules.length > 0 && vitest.state.getUnhandledErrors().length === 0 && modules.every((module) => module.ok());
  const report = JSON.stringify({ testResults: modules.map(resultOf) });
  const now = performance.now();
  const ownMs = sumOf(modules.map(msOf));
  const tookMs = begunAt === null ? ownMs + aroundMs : now - begunAt;
  aroundMs = Math.max(0, tookMs - ownMs);
  begunAt = now;
  const durationMs = Math.round(tookMs);
  void send({ kind: 'exited', file, exitCode: isGreen ? 0 : 1, report, durationMs, outputEnd: fstatSync(STDOUT).size });
}

/** @param {readonly number[]} values */
function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * From its set-up files to its last test.
 * @param {TestModule} module
 */
function msOf(module) {
  const { setupDuration, collectDuration, duration } = module.diagnostic();
  return sumOf([setupDuration, collectDuration, duration]);
}

/**
 * Why a session cannot do what `vitest run` does here; undefined where it can.
 * @param {Vitest} vitest
 */
function whyNot({ config, projects }) {
  if (config.coverage?.enabled) return 'coverage is configured, which vitest writes at the end of a process';
  if (projects.some((project) => project.config.browser?.enabled)) return 'a browser is configured';
  if (projects.some((project) => project.config.typecheck?.enabled)) return 'types are configured to be checked';
}

/**
 * What `vitest list --filesOnly` says.
 * @param {Prepared} prepared
 */
async function list({ vitest, filter }) {
  try {
    const specifications = await vitest.getRelevantTestSpecifications(filter);
    const files = specifications.map(({ moduleId }) => relative(home, moduleId));
    await send({ kind: 'listed', files: [...new Set(files)].sort() });
  } catch (error) {
    await send({ kind: 'cannot', reason: `vitest could not list its files: ${error}` });
  }
}

/**
 * @param {RunOrder<VitestOptions>} order
 * @param {Prepared} prepared
 */
async function run({ files, env, options: { pattern } }, { vitest }) {
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
  for (const file of open.keys()) answer(vitest, file, []);
}

/** @param {TestModule} module */
function resultOf(module) {
  return {
    name: module.moduleId,
    status: module.ok() ? 'passed' : 'failed',
    assertionResults: [...module.children.allTests()].map(assertionOf),
  };
}

/** @param {TestCase} test */
function assertionOf(test) {
  const { state, errors } = test.result();
  /** @type {string[]} */
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

serve(prepare(), { run, list });
