// Keeps a vitest instance and runs test files with it one after another, isolated as the project configures. Each file is answered for
// as it ends: the exit code that `vitest run` would have had, a report as from its `json` reporter, the duration, and where the file's
// output ends.

import { fstatSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openChannel } from '../pool/in-process/channel.cjs';
import { takeSettings } from '../pool/in-process/settings.cjs';
import { providerOf, withoutReports, writeMeasured } from './measured.mjs';
import { isOfTypes, TypeTests } from './type-tests.mjs';

/** @import { Reporter, TestCase, TestModule, TestSequencer, TestSpecification, Vitest } from 'vitest/node' */
/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { VitestOptions, VitestSettings } from './adapter.js' */
/** @import { Checked } from './type-tests.mjs' */
/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */

/** @type {VitestSettings} */
const { vitest: folder, args, setup, coverage: coverageFolder, reports } = takeSettings();
const home = process.cwd();
const { send, serve } = openChannel({ atEnd: close });
/**
 * The instance, once there is one.
 * @type {Vitest | null}
 */
let instance = null;

const STDOUT = 1;

/**
 * Keeps the requested order; vitest would start with the files that failed last.
 * @implements {TestSequencer}
 */
class AsRequested {
  /** @param {TestSpecification[]} specifications */
  shard = (specifications) => specifications;
  /** @param {TestSpecification[]} specifications */
  sort = (specifications) => specifications;
}

/**
 * Files of the order without an answer yet: how many modules each has, which of them have ended, and of how many the coverage is here;
 * and what the compiler says of its type tests, if it has some.
 * @type {Map<string, { count: number, ended: TestModule[], measured: number, checked: Checked | null }>}
 */
const open = new Map();
const types = new TypeTests();
/** Whether vitest measures coverage. */
let measures = false;
let filesMeasured = 0;
/**
 * When the current file started; null for the first file of a call, whose start includes the call's own setup.
 * @type {number | null}
 */
let begunAt = null;
/** Time that the last file took beyond its modules: with isolation, that of starting a process. */
let aroundMs = 0;

/** Ends what is running, then tears down what `globalSetup` has set up, and removes vitest's temporary folder. */
async function close() {
  await instance?.cancelCurrentRun('keyboard-input');
  await instance?.close();
}

async function prepare() {
  const { vitest, filter } = await create().catch((/** @type {Error} */ { message }) => {
    throw new Error(`vitest could not be set up for a session: ${message}`);
  });
  const reason = obstacleTo(vitest);
  if (reason) throw new Error(reason);
  if (vitest.config.coverage?.enabled) await takeCoverage(vitest);
  return { vitest, filter };
}

/** Creates a vitest instance; `filter` is the arguments by which the suite selects its files. */
async function create() {
  /** @type {typeof import('vitest/node')} */
  const { createVitest, parseCLI } = await import(pathToFileURL(join(folder, 'dist/node.js')).href);
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const alone = { watch: false, run: true, bail: 0, maxWorkers: 1, minWorkers: 1 };
  const sequence = { ...options.sequence, sequencer: AsRequested };
  /** @type {Vitest} */
  const vitest = await createVitest('test', {
    ...options,
    ...alone,
    coverage: { .../** @type {object} */ (options.coverage), reportsDirectory: reports },
    sequence,
    reporters: [reporterOf(() => vitest)],
  });
  instance = vitest;
  if (typeof vitest.getModuleSpecifications !== 'function') throw new Error('this version of vitest cannot run individual files');
  await vitest.globTestSpecifications(); // Individual files can be looked up only after this.
  for (const { config, vite } of vitest.projects) {
    config.setupFiles.push(setup);
    vite.config.server.fs.allow.push(dirname(setup)); // It reads no other file outside of the project.
  }
  return { vitest, filter };
}

/**
 * Replaces the project's reporters, which are meant for whole runs, and prints only what the tests print.
 * @param {() => Vitest} vitestOf
 * @returns {Reporter}
 */
function reporterOf(vitestOf) {
  return {
    onUserConsoleLog: ({ content, type }) => void process[type].write(content),
    onTestModuleEnd(module) {
      if (types.takes(module)) return;
      const file = relative(home, module.moduleId);
      const progress = open.get(file);
      progress?.ended.push(module);
      answerIfEnded(vitestOf(), file);
    },
  };
}

/**
 * Takes what vitest measures of each file, which it tells as a module ends or shortly after.
 * @param {Vitest} vitest
 */
async function takeCoverage(vitest) {
  const provider = await providerOf(vitest);
  measures = true;
  withoutReports(provider, (measured) => {
    const root = vitest.projects.find(({ name }) => name === (measured.projectName ?? ''))?.config.root ?? home;
    for (const name of measured.testFiles) {
      const file = relative(home, join(root, name));
      const progress = open.get(file);
      if (!progress) continue;
      progress.measured += 1;
      writeMeasured(join(coverageFolder, `${filesMeasured}`), measured);
      answerIfEnded(vitest, file);
    }
  });
}

/**
 * @param {Vitest} vitest
 * @param {string} file
 */
function answerIfEnded(vitest, file) {
  const progress = open.get(file);
  if (progress?.ended.length === progress?.count && (!measures || progress?.measured === progress?.count)) answer(vitest, file);
}

/**
 * Answers for a file; green only if that is certain.
 * @param {Vitest} vitest
 * @param {string} file
 */
function answer(vitest, file) {
  const { ended = [], measured = 0, checked = null } = open.get(file) ?? {};
  const coverage = measured > 0 ? { coverage: `${filesMeasured++}` } : {};
  open.delete(file);
  const modules = [...ended, ...(checked?.modules ?? [])];
  const isClean = checked?.isClean !== false && vitest.state.getUnhandledErrors().length === 0;
  const isGreen = isClean && modules.length > 0 && modules.every((module) => module.ok());
  const report = JSON.stringify({ testResults: modules.map(resultOf) });
  const tookMs = (checked?.tookMs ?? 0) + (checked && ended.length === 0 ? 0 : runtimeOf(ended));
  const durationMs = Math.round(tookMs);
  void send({
    kind: 'exited',
    file,
    exitCode: isGreen ? 0 : 1,
    report,
    durationMs,
    outputEnd: fstatSync(STDOUT).size,
    ...coverage,
  });
}

/**
 * How long the current file has run. The start of the first one of a call is not known: it is taken to be like the last.
 * @param {readonly TestModule[]} modules
 */
function runtimeOf(modules) {
  const now = performance.now();
  const ownMs = sumOf(modules.map(msOf));
  const tookMs = begunAt === null ? ownMs + aroundMs : now - begunAt;
  aroundMs = Math.max(0, tookMs - ownMs);
  begunAt = now;
  return tookMs;
}

/** @param {readonly number[]} values */
function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * The duration of a module, from its setup files to its last test.
 * @param {TestModule} module
 */
function msOf(module) {
  const { setupDuration, collectDuration, duration } = module.diagnostic();
  return sumOf([setupDuration, collectDuration, duration]);
}

/**
 * Returns why a session cannot do what `vitest run` does with this configuration, or undefined if it can.
 * @param {Vitest} vitest
 */
function obstacleTo({ projects, config }) {
  if (projects.some((project) => project.config.browser?.enabled)) return 'a browser is configured';
  if (config.coverage?.enabled && projects.some((project) => project.config.isolate === false))
    return 'without isolation, coverage is measured for all files together';
}

/**
 * Answers with the result of `vitest list --filesOnly`.
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
  /** @type {TestSpecification[]} */
  let next = [];
  const runOpen = async () => {
    const specifications = next;
    next = [];
    begunAt = null;
    if (specifications.length > 0) await vitest.runTestSpecifications(specifications).catch((error) => console.error(error));
    for (const file of open.keys()) answer(vitest, file);
  };
  for (const file of files) {
    const path = join(home, file);
    const all = vitest.getModuleSpecifications(path);
    const own = all.filter((specification) => !isOfTypes(specification));
    // Which of its cases are asked for, the compiler does not mind: its answer would be refused.
    const checked = all.some(isOfTypes) && pattern === undefined ? await types.of(vitest, path) : null;
    open.set(file, { count: own.length, ended: [], measured: 0, checked });
    next.push(...own);
    if (own.length === 0) await runOpen(); // No module will end: it is answered for here, after those before it.
  }
  await runOpen();
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
