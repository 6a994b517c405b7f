import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/node/about.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, running } from '../support/run-warm.js';
import { NODE } from './expected/node-test.js';

const folder = suiteFolder(nodeTest, join(import.meta.dirname, '../fixtures/node-test'));
const GREEN = "require('node:test').test('green', () => {});\n";

const runOf = runsOf(nodeTest, () => folder);

describe('what node --test leaves behind', () => {
  test.concurrent.each(NODE)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading, output } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
    // node's own count, except where it invents a case.
    if (reading.kind === 'passed' || reading.kind === 'failed') expect(output).toContain(`ℹ tests ${expected.names.length}\n`);
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, NODE, {
      passes: 'test/ok.test.mjs',
      fails: 'test/fail.test.cjs',
      noTests: 'test/no-tests.test.js',
      allSkipped: 'test/all-skipped.test.js',
      killed: 'test/sigkill.test.js',
      exitsZero: 'test/exit-zero.test.js',
      syntaxError: 'test/syntax-error.test.js',
      missingImport: 'test/missing-import.test.js',
      noSuchFile: 'test/nope.test.js',
    });
  });
});

test.each([
  ['sigkill.test.js', 'The process of the test file was ended by SIGKILL.'],
  ['exit-zero.test.js', 'The test file exited with 0 before any test had ended.'],
  ['exit-zero-async.test.js', 'The test file exited with 0 while `leaves later` had not ended.'],
  ['nope.test.js', 'node --test exited with 1 before its report was complete.'],
])('%s: the reason of the crash is told', async (file, reason) => {
  const { reading } = await runOf(`test/${file}`);
  expect(reading).toMatchObject({ kind: 'crashed', reason });
});

test('cases carry their path, message, stack and duration', async () => {
  const { reading, output } = await runOf('test/fail.test.cjs');
  expect(reading.cases).toMatchObject([
    { name: ['outer', 'is green'], status: 'passed', durationMs: expect.any(Number), message: null },
    {
      name: ['outer', 'inner', 'is red'],
      status: 'failed',
      message: expect.stringContaining('Expected values to be strictly deep-equal'),
      stack: expect.stringMatching(/fail\.test\.cjs:7:\d+/),
    },
    { name: ['is red, but only to do'], status: 'skipped', message: 'one day' },
  ]);
  expect(output).toContain('✖ is red');
});

test('a test with subtests is a case beside them, a suite is none', async () => {
  const { reading, output } = await runOf('test/ok.test.mjs');
  const names = reading.cases.map(({ name }) => name.join(' › '));
  expect(names).toContain('price › in euros › formats 1234 as 12.34');
  expect(names).toEqual(
    expect.arrayContaining([
      'a parent › first child',
      'a parent › second child › grandchild',
      'a parent › second child',
      'a parent',
    ]),
  );
  expect(names).not.toContain('price');
  expect(reading.cases.find(({ name }) => name[1] === 'is skipped while it runs')?.message).toBe('no network');
  expect(output).toContain('this is standard output');
  expect(output).toContain('this is standard error');
});

test('tests cancelled by a hook that failed tell its error', async () => {
  const { reading } = await runOf('test/hook-fails.test.js');
  expect(reading.cases).toMatchObject([
    { name: ['with a hook that fails', 'one'], status: 'failed', message: 'no database' },
    { name: ['with a hook that fails', 'two'], status: 'failed', message: 'no database' },
    { name: ['beside it'], status: 'passed' },
  ]);
});

test('a file that cannot be loaded fails with the message of node', async () => {
  const syntax = await runOf('test/syntax-error.test.js');
  expect(syntax.reading.cases).toMatchObject([
    {
      name: ['test/syntax-error.test.js'],
      message: expect.stringMatching(/syntax-error\.test\.js:4[\s\S]*SyntaxError: Unexpected token/),
    },
  ]);
  const missing = await runOf('test/missing-import.test.js');
  expect(missing.reading.cases[0]?.message).toContain("Cannot find module '../src/nowhere'");
});

test('there are no control codes in the output, whatever the CI asks for', async () => {
  const colourful = suiteFolder(nodeTest, folder.cwd, { env: { FORCE_COLOR: '1', CI: 'true' } });
  const { output } = await runFramework(nodeTest, colourful, 'test/fail.test.cjs');
  expect(output).toContain('✖ is red');
  expect(output).toBe(stripVTControlCharacters(output));
});

/** Prints the names of the files that `node --test` runs. Its events name a file that reports no tests, or the file of a test. */
const FILES_REPORTER = `export default async function* (events) {
  const files = new Set();
  for await (const { type, data } of events)
    if (type === 'test:pass' || type === 'test:fail') files.add(require('node:path').relative('.', data.file ?? data.name));
  yield JSON.stringify([...files].sort());
}`;

/** A shell expands patterns for node 20, which takes paths only. */
const takesGlobs = Number.parseInt(process.versions.node, 10) > 20;

test.each([
  ...(takesGlobs ? ['tests/**/*.js', 'test/**'] : []),
  '',
  'tests/*.js',
  'tests/',
  'tests',
  'plain.js ./tests/a.js',
  'test/sub/../e.js',
  'test*',
  'no*.js',
  'nope.js',
])('lists what node --test would run with the words «%s»', async (words) => {
  const files = [
    'tests/a.js',
    'tests/b.test.js',
    'tests/deep/c.test.js',
    'tests/deep/index.js',
    'test/e.js',
    'test/sub/f.mjs',
    'test/data.json',
  ];
  const others = [
    '.hidden/h.test.js',
    'd_test.cjs',
    'test-g.js',
    'testing.js',
    'plain.js',
    'tests/t.test.ts',
    'latest.js',
    'node_modules/x/n.test.js',
  ];
  const text = (name: string) =>
    name.endsWith('.mjs') ? "import { test } from 'node:test'; test(import.meta.filename, () => {});" : GREEN;
  const project = await temporaryProject({
    ...Object.fromEntries([...files, ...others].map((name) => [`project/${name}`, text(name)])),
    'files.mjs': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${FILES_REPORTER}`,
  });
  const cwd = join(project, 'project'); // A folder of its own: what is linked as node_modules elsewhere is real here.
  const reporter = [`--test-reporter=${join(project, 'files.mjs')}`, '--test-reporter-destination=stdout'];
  const { stdout } = await execa(
    'sh',
    ['-c', `${takesGlobs ? 'set -f; ' : ''}exec "$0" --test "$@" ${words}`, process.execPath, ...reporter],
    { cwd, reject: false },
  );
  const byNode = stdout.startsWith('[') ? (JSON.parse(stdout) as string[]) : 'failed';
  const suite = suiteFolder(nodeTest, cwd, { args: words.split(' ').filter((word) => word !== '') });
  const listed = await nodeTest.list(suite).catch(() => 'failed');
  expect({ listed }).toEqual({ listed: byNode });
});

test.each([
  ['--import ./load.mjs', 'globalThis.loaded'],
  ['--require ./load.cjs', 'globalThis.loaded'],
  ['--conditions custom', "require('#part') === 'custom'"],
  ['--experimental-vm-modules', "require('node:vm').SourceTextModule"],
  ['--test-name-pattern=^one', "name === 'one'"],
  ['--test-name-pattern one --test-concurrency 2', "name === 'one'"],
  ['--test-only', "name === 'one'"],
  ['--test-timeout=30000', 'true'],
  ['--max-old-space-size=200', "require('node:v8').getHeapStatistics().heap_size_limit < 300 * 2 ** 20"],
])('each file runs with the words %s', async (words, claim) => {
  const body = (name: string) => `() => { const name = '${name}'; require('node:assert').ok(${claim}); }`;
  const cwd = await temporaryProject({
    'package.json': '{"imports":{"#part":{"custom":"./custom.cjs","default":"./default.cjs"}}}',
    'custom.cjs': "module.exports = 'custom';",
    'default.cjs': "module.exports = 'default';",
    'load.mjs': 'globalThis.loaded = true;',
    'load.cjs': 'globalThis.loaded = true;',
    'a.test.cjs': `const { test } = require('node:test'); test('one', { only: true }, ${body('one')});${/one|only/.test(words) ? ` test('two', ${body('two')});` : ''}`,
  });
  for (const worker of [cold, aWarmWorker()]) {
    const run = await running(cwd, worker, nodeTest, { args: words.split(' ') })('a.test.cjs');
    expect({ kind: run.end.kind, output: run.output }).toEqual({ kind: 'passed', output: run.output });
  }
});

test('odd file names run as themselves, and the words after -- are passed on', async () => {
  const names = oddNames('.js');
  const cwd = await temporaryProject(Object.fromEntries(names.map((name) => [name, GREEN])));
  const odd = suiteFolder(nodeTest, cwd, { args: ['--test-name-pattern=green'] });
  expect(await nodeTest.list(odd)).toEqual(names.toSorted());
  for (const name of names) {
    const { reading, output } = await runFramework(nodeTest, odd, name);
    const kind = name.startsWith('-') && takesGlobs ? 'failed' : 'passed'; // Node itself takes it for an option then.
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind, cases: 1, output });
  }
});

test('is found by the scripts of the project', () => {
  const project = (script: string) => ({
    cwd: '/nowhere',
    names: new Set<string>(),
    packageJson: { dependencies: new Set<string>(), scripts: { test: script } },
    readText: () => Promise.resolve(''),
  });
  expect(nodeTest.detect(project('node --import tsx --test test/*.ts'))).toBe(true);
  expect(nodeTest.detect(project('node --test-only x.js'))).toBe(false);
  expect(nodeTest.detect(project('jest'))).toBe(false);
});
