import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/mocha/about.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { MOCHA } from './expected/mocha.js';

const folder = suiteFolder(mocha, join(import.meta.dirname, '../fixtures/mocha'));
const GREEN = "it('green', () => {});\n";

const runOf = runsOf(mocha, () => folder);

describe('what mocha leaves behind', () => {
  test.concurrent.each(MOCHA)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
    if (reading.kind === 'crashed' && expected.signal === null)
      expect(reading.reason).toBe('mocha exited with 0 before its report was complete.');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, MOCHA, {
      passes: 'test/ok.spec.js',
      fails: 'test/fail.spec.js',
      noTests: 'test/no-tests.spec.js',
      allSkipped: 'test/all-skipped.spec.js',
      killed: 'test/sigkill.spec.js',
      exitsZero: 'test/exit-zero.spec.js',
      syntaxError: 'test/syntax-error.spec.js',
      missingImport: 'test/missing-import.spec.js',
      noSuchFile: 'test/nope.spec.js',
    });
  });
});

test('a test that kills its own process has crashed, the signal is named and what had ended is known', async () => {
  const { reading, evidence } = await runOf('test/sigkill.spec.js');
  expect(evidence).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  expect(reading).toMatchObject({
    kind: 'crashed',
    cases: [{ name: ['before'], status: 'passed' }],
    reason: 'mocha was ended by SIGKILL before its report was complete.',
  });
});

test('a file that is not there is not taken for an empty one', async () => {
  const cwd = await temporaryProject({});
  const { reading, output } = await runFramework(mocha, suiteFolder(mocha, cwd), 'nope.js');
  expect(reading).toMatchObject({ kind: 'crashed', reason: 'mocha exited with 1 before its report was complete.' });
  expect(output).toContain('nope.js');
});

test('cases carry their path, message, stack, retries and duration, and people see the output of mocha', async () => {
  const { reading, output } = await runOf('test/fail.spec.js');
  expect(reading.cases).toEqual(
    expect.arrayContaining([
      { name: ['outer', 'is green'], status: 'passed', durationMs: expect.any(Number), message: null },
      {
        name: ['outer', 'inner', 'is red'],
        status: 'failed',
        durationMs: expect.any(Number),
        message: expect.stringContaining('Expected values to be strictly deep-equal'),
        stack: expect.stringMatching(/fail\.spec\.js:6:\d+/),
      },
      { name: ['is green at the third go'], status: 'passed', durationMs: expect.any(Number), message: null, retries: 2 },
    ]),
  );
  expect(output).toMatch(/outer\n\s+✔ is green\n\s+inner\n\s+1\) is red/);
  expect(output).toContain('2 passing');
});

test('a file that cannot be loaded fails with the message of node', async () => {
  const syntax = await runOf('test/syntax-error.spec.js');
  expect(syntax.reading.cases).toMatchObject([
    {
      name: ['test/syntax-error.spec.js'],
      message: expect.stringMatching(/syntax-error\.spec\.js:2[\s\S]*SyntaxError: Unexpected token/),
    },
  ]);
  const missing = await runOf('test/missing-import.spec.js');
  expect(missing.reading.cases[0]?.message).toContain("Cannot find module '../src/nowhere'");
});

test('there are no control codes in the output, whatever the CI and the configuration ask for', async () => {
  const colourful = suiteFolder(mocha, folder.cwd, { env: { FORCE_COLOR: '1', CI: 'true' } });
  const { output } = await runFramework(mocha, colourful, 'test/fail.spec.js');
  expect(output).toBe(stripVTControlCharacters(output));
});

test('lists the files of the configuration, broken ones too and ignored ones not', async () => {
  const files = await mocha.list(folder);
  expect(files).toEqual(files.toSorted());
  expect(files).toHaveLength(13);
  expect(files).toEqual(expect.arrayContaining(['test/ok.spec.js', 'test/sub/modules.spec.mjs', 'test/syntax-error.spec.js']));
});

test('without a configuration the files of ./test are listed, and none when there are none', async () => {
  const cwd = await temporaryProject({ 'test/a.js': GREEN, 'test/deep/b.js': GREEN, 'c.js': GREEN });
  expect(await mocha.list(suiteFolder(mocha, cwd))).toEqual(['test/a.js']);
  expect(await mocha.list(suiteFolder(mocha, cwd, { args: ['--recursive'] }))).toEqual(['test/a.js', 'test/deep/b.js']);
  expect(await mocha.list(suiteFolder(mocha, await temporaryProject({})))).toEqual([]);
});

test('words for node and another configuration are passed on, although mocha then runs in a process of its own', async () => {
  const cwd = await temporaryProject({
    'other.json': '{ "spec": "specs/*.js", "require": "./hook.cjs", "node-option": ["enable-source-maps"] }',
    'hook.cjs': 'globalThis.hooked = true;',
    'specs/a.js':
      "it('is hooked', () => {\n  if (!globalThis.hooked || process.execArgv[0] !== '--enable-source-maps') throw new Error('not');\n});\n",
  });
  const configured = suiteFolder(mocha, cwd, { args: ['--config', 'other.json'] });
  expect(await mocha.list(configured)).toEqual(['specs/a.js']);
  const { reading, output } = await runFramework(mocha, configured, 'specs/a.js');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
});

test('odd file names run as themselves', async () => {
  const names = oddNames('.js');
  const cwd = await temporaryProject({
    '.mocharc.json': '{ "spec": "./**/*.test.js" }',
    ...Object.fromEntries(names.map((name) => [name, GREEN])),
  });
  const odd = suiteFolder(mocha, cwd, { args: ['--grep', 'green', '--ignore', './node_modules/**'] });
  for (const name of names) {
    const { reading, output } = await runFramework(mocha, odd, name);
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind: 'passed', cases: 1, output });
  }
});

test('a broken configuration is a listing that failed, with the message of mocha', async () => {
  const cwd = await temporaryProject({ '.mocharc.cjs': "throw new Error('no such preset');" });
  await expect(mocha.list(suiteFolder(mocha, cwd))).rejects.toMatchObject({
    code: 'LISTING_FAILED',
    message: expect.stringContaining('no such preset'),
  });
});

test('a missing framework is named', async () => {
  expect(await mocha.missing(folder)).toBeNull();
  expect(await mocha.missing(suiteFolder(mocha, '/'))).toMatch(/mocha is not installed/);
});
