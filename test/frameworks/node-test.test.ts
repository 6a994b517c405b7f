import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/node/about.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
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

test('lists what node --test would run', async () => {
  const names = ['a.test.js', 'b-test.mjs', 'c_test.cjs', 'test.js', 'test-d.js', 'deep/test/any.js', 'deep/e.test.js'];
  const others = ['index.js', 'testing.js', 'a.test.ts', 'latest.js', 'node_modules/x/a.test.js', 'test/data.json'];
  // A folder of its own: what is linked as node_modules elsewhere is real here.
  const cwd = join(
    await temporaryProject(Object.fromEntries([...names, ...others].map((name) => [`project/${name}`, GREEN]))),
    'project',
  );
  expect(await nodeTest.list(suiteFolder(nodeTest, cwd))).toEqual(names.toSorted());
  const typed = suiteFolder(nodeTest, cwd, { args: ['--import', 'tsx'] });
  expect(await nodeTest.list(typed)).toEqual([...names, 'a.test.ts'].toSorted());
  const files = await nodeTest.list(folder);
  expect(files).toEqual(expect.arrayContaining(['test/ok.test.mjs', 'test/fail.test.cjs', 'test/syntax-error.test.js']));
});

test('odd file names run as themselves, and the words after -- are passed on', async () => {
  const names = oddNames('.js');
  const cwd = await temporaryProject(Object.fromEntries(names.map((name) => [name, GREEN])));
  const odd = suiteFolder(nodeTest, cwd, { args: ['--test-name-pattern=green'] });
  expect(await nodeTest.list(odd)).toEqual(names.toSorted());
  for (const name of names) {
    const { reading, output } = await runFramework(nodeTest, odd, name);
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind: 'passed', cases: 1, output });
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
