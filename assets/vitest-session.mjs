// A process that keeps vitest, and runs one test file after the other with it, isolated from each other as the project wants it. An order is a line
// of JSON on descriptor 3; the answer tells the exit code that `vitest run` would have had, and what its `json` reporter would have said.

import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { vitest: folder, args } = JSON.parse(process.env.HOLDFAST_VITEST);
delete process.env.HOLDFAST_VITEST;
const home = process.cwd();
const channel = new Socket({ fd: 3 });

/** What the project's own reporters would do is for whole runs; what tests print is all that a person wants of a green file. */
const printer = { onUserConsoleLog: ({ content, type }) => process[type].write(content) };

const prepared = (async () => {
  const { createVitest, parseCLI } = await import(pathToFileURL(join(folder, 'dist/node.js')));
  const { options } = parseCLI(['vitest', 'run', ...args]);
  const own = { watch: false, run: true, bail: 0, maxWorkers: 1, minWorkers: 1, reporters: [printer] };
  const vitest = await createVitest('test', { ...options, ...own });
  if (typeof vitest.getModuleSpecifications !== 'function') throw new Error('this vitest cannot be asked for single files');
  await vitest.globTestSpecifications(); // It knows single files once it has looked.
  return vitest;
})();

/** Why a session cannot do what `vitest run` does here; undefined where it can. */
function whyNot({ config, projects }) {
  if (config.coverage?.enabled) return 'coverage is configured, which vitest writes at the end of a process';
  if (projects.some((project) => project.config.browser?.enabled)) return 'a browser is configured';
  if (projects.some((project) => project.config.typecheck?.enabled)) return 'types are configured to be checked';
}

async function run({ file, env, pattern }) {
  let vitest;
  try {
    vitest = await prepared;
  } catch (error) {
    return { cannot: `vitest could not be kept: ${error.message}` };
  }
  const cannot = whyNot(vitest);
  if (cannot) return { cannot };
  Object.assign(process.env, env);
  if (pattern === undefined) vitest.resetGlobalTestNamePattern();
  else vitest.setGlobalTestNamePattern(pattern);
  const path = join(home, file);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(vitest.getModuleSpecifications(path));
  const modules = testModules.filter(({ moduleId }) => moduleId === path); // It tells those of earlier orders, too.
  const isGreen = modules.length > 0 && unhandledErrors.length === 0 && modules.every((module) => module.ok());
  return { exitCode: isGreen ? 0 : 1, report: JSON.stringify({ testResults: modules.map(resultOf) }) };
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

createInterface({ input: channel }).on('line', async (line) => {
  const answer = await run(JSON.parse(line)).catch((error) => {
    console.error(error);
    return { exitCode: 1 };
  });
  channel.write(`${JSON.stringify(answer)}\n`);
});
channel.on('end', () => process.exit(0));
