import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/jest/about.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { JEST } from './expected/jest.js';

const folder = suiteFolder(jest, join(import.meta.dirname, '../fixtures/jest'));
const GREEN = "test('green', () => {});\n";
const CONFIG = { 'jest.config.js': 'module.exports = { watchman: false };' };

const runOf = runsOf(jest, () => folder);

describe('what jest leaves behind', () => {
  test.concurrent.each(JEST)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
    if (reading.kind === 'crashed' && expected.signal === null)
      expect(reading.reason).toBe('jest exited with 0 before its report was complete.');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, JEST, {
      passes: 'ok.test.js',
      fails: 'fail.test.js',
      noTests: 'no-tests.test.js',
      allSkipped: 'all-skipped.test.js',
      killed: 'sigkill.test.js',
      exitsZero: 'exit-zero.test.js',
      syntaxError: 'syntax-error.test.js',
      missingImport: 'missing-import.test.js',
      noSuchFile: 'nope.test.js',
    });
  });
});

test('a test that kills its own process has crashed, and the signal is named', async () => {
  const { reading, evidence } = await runOf('sigkill.test.js');
  expect(evidence).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  expect(reading).toMatchObject({ kind: 'crashed', reason: 'jest was ended by SIGKILL before its report was complete.' });
  expect(reading.cases).toMatchObject([{ name: ['before'], status: 'passed' }]);
});

test('cases carry their path, message, stack, retries and duration', async () => {
  const { reading, output } = await runOf('fail.test.js');
  expect(reading.cases).toEqual([
    { name: ['outer', 'is green'], status: 'passed', durationMs: expect.any(Number), message: null },
    {
      name: ['outer', 'inner', 'is red'],
      status: 'failed',
      durationMs: expect.any(Number),
      message: expect.stringMatching(/^Error: expect\(received\)\.toEqual\(expected\)[\s\S]*"answer": 41,/),
      stack: expect.stringMatching(/fail\.test\.js:5:\d+/),
      retries: 2,
    },
    { name: ['is green at the third go'], status: 'passed', durationMs: expect.any(Number), message: null, retries: 2 },
  ]);
  expect(output).toContain('● outer › inner › is red');
});

test('a file that cannot be loaded fails with the message of jest', async () => {
  const syntax = await runOf('syntax-error.test.js');
  expect(syntax.reading.cases).toMatchObject([
    { name: ['syntax-error.test.js'], message: expect.stringContaining('Unexpected token') },
  ]);
  const missing = await runOf('missing-import.test.js');
  expect(missing.reading.cases[0]?.message).toContain("Cannot find module './src/nowhere'");
});

test('there are no control codes in the output, whatever the CI asks for', async () => {
  const colourful = suiteFolder(jest, folder.cwd, { env: { FORCE_COLOR: '1', CI: 'true' } });
  const { output } = await runFramework(jest, colourful, 'fail.test.js');
  expect(output).toContain('-   "answer": 42');
  expect(output).toBe(stripVTControlCharacters(output));
});

test('lists what jest would run, and broken files too', async () => {
  const files = await jest.list(folder);
  expect(files).toEqual(files.toSorted());
  expect(files).toHaveLength(12);
  expect(files).toEqual(expect.arrayContaining(['ok.test.js', 'sub/ok.test.js', 'syntax-error.test.js']));
});

test('a configuration that prints does not disturb the listing', async () => {
  const cwd = await temporaryProject({
    'jest.config.js': "console.log('[config] hello');\nmodule.exports = { watchman: false };",
    'a.test.js': GREEN,
  });
  expect(await jest.list(suiteFolder(jest, cwd))).toEqual(['a.test.js']);
});

test('odd file names run as themselves, and the words after -- are passed on', async () => {
  const names = oddNames('.js');
  const cwd = await temporaryProject({ ...CONFIG, ...Object.fromEntries(names.map((name) => [name, GREEN])) });
  const odd = suiteFolder(jest, cwd, { args: ['--testNamePattern=green'] });
  expect(await jest.list(odd)).toEqual(names.toSorted());
  for (const name of names) {
    const { reading, output } = await runFramework(jest, odd, name);
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind: 'passed', cases: 1, output });
  }
});

test('ECMAScript modules run where the project asks for them', async () => {
  const cwd = await temporaryProject({
    'package.json': '{ "type": "module", "jest": { "watchman": false, "transform": {} } }',
    'answer.js': 'export const answer = 42;',
    'a.test.js': "import { answer } from './answer.js';\ntest('modules', () => expect(answer).toBe(42));\n",
  });
  const esm = suiteFolder(jest, cwd, { env: { NODE_OPTIONS: '--experimental-vm-modules' } });
  expect((await runFramework(jest, esm, 'a.test.js')).reading.kind).toBe('passed');
});

test('a project reached through a link is read all the same', async () => {
  const cwd = await temporaryProject({ 'real/a.test.js': GREEN, 'real/jest.config.js': CONFIG['jest.config.js'] });
  await symlink(join(cwd, 'real'), join(cwd, 'link'));
  const linked = suiteFolder(jest, join(cwd, 'link'));
  expect(await jest.list(linked)).toEqual(['a.test.js']);
  const { reading, output } = await runFramework(jest, linked, 'a.test.js');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
});

describe('a file whose process would stay alive', () => {
  const OPEN = 'setInterval(() => {}, 1000);\n';
  test.concurrent.each([
    ['green', `${OPEN}test('a', () => {});`, { kind: 'passed', exitCode: 0 }],
    ['red', `${OPEN}test('a', () => { throw new Error(); });`, { kind: 'failed', exitCode: 1 }],
    [
      'green with a late error',
      `${OPEN}test('a', () => void setTimeout(() => { throw 1; }, 300));`,
      { kind: 'passed', exitCode: 0 },
    ],
    ['green with an exit code', `${OPEN}test('a', () => { process.exitCode = 5; });`, { kind: 'passed', exitCode: 0 }],
    [
      'green with a late exit',
      `${OPEN}test('a', () => void setTimeout(() => process.exit(3), 300));`,
      { kind: 'passed', exitCode: 0 },
    ],
  ])('has the verdict of its cases: %s', async (_, text, expected) => {
    const cwd = await temporaryProject({ ...CONFIG, 'a.test.js': text });
    const { reading, evidence } = await runFramework(jest, suiteFolder(jest, cwd), 'a.test.js');
    expect({ kind: reading.kind, exitCode: evidence.exitCode, cases: reading.cases.length }).toEqual({ ...expected, cases: 1 });
    if (!text.includes('process.exit('))
      expect(reading.stayedOpen).toContain(text.includes('MessageChannel') ? 'MessagePort' : 'Timeout');
  });
});

test('a file sees its process as a worker of `jest -w 2` does, and the configuration sees that of the command', async () => {
  const seeing = (name: string) => `
require('node:fs').writeFileSync('${name}.json', JSON.stringify([process.argv, process.execArgv, process.env.JEST_WORKER_ID, process.env.NODE_ENV]));
test('a', () => {});`;
  const cwd = await temporaryProject({
    'jest.config.js': "require('node:fs').appendFileSync('argv', process.argv[1] + '\\n'); module.exports = { watchman: false };",
    'a.test.js': seeing('a'),
    'b.test.js': seeing('b'),
  });
  const seen = async (name: string) => JSON.parse(await readFile(join(cwd, `${name}.json`), 'utf8'));
  const argv = [join(cwd, 'node_modules/jest/bin/jest.js'), '-w', '2'];
  await execa(process.execPath, argv, { cwd, env: suiteFolder(jest, cwd).env, extendEnv: false });
  const inWorker = [await seen('a'), await seen('b')].find(([, , id]) => id === '1');
  await runFramework(jest, suiteFolder(jest, cwd), 'a.test.js');
  expect(await seen('a')).toEqual(inWorker);
  expect(new Set((await readFile(join(cwd, 'argv'), 'utf8')).trim().split('\n'))).toEqual(new Set([argv[0]]));
  await runFramework(jest, suiteFolder(jest, cwd, { env: { HOLDFAST_SLOT: '3' } }), 'a.test.js');
  expect((await seen('a'))[2]).toBe('3');
});

/** What can be thrown, each in a case of its own. */
const THROWN = `
const circular = { big: 1n };
circular.self = circular;
test('circular', () => expect(circular).toEqual({ big: 2n }));
test('bigint', () => { throw 1n; });
test('string', () => { throw 'a string'; });
test('null', () => { throw null; });
test('with a circular cause', () => { const error = new Error('outer'); error.self = error; throw error; });
`;

test('each failure is reported, whatever was thrown', async () => {
  const cwd = await temporaryProject({ ...CONFIG, 'a.test.js': THROWN });
  const { reading } = await runFramework(jest, suiteFolder(jest, cwd), 'a.test.js');
  expect(reading.kind).toBe('failed');
  expect(reading.cases.map(({ name, status }) => [name.join(), status])).toEqual(
    ['circular', 'bigint', 'string', 'null', 'with a circular cause'].map((name) => [name, 'failed']),
  );
  expect(reading.cases.map(({ message }) => message)).toMatchObject(
    [/self/, /1/, /a string/, /null/, /outer/].map((text) => expect.stringMatching(text)),
  );
});

test('coverage and its thresholds are those of the whole suite, so that no file has them', async () => {
  const config = 'module.exports = { watchman: false, collectCoverage: true, coverageThreshold: { global: { lines: 100 } } };';
  const cwd = await temporaryProject({ 'jest.config.js': config, 'a.test.js': GREEN });
  const { reading, output } = await runFramework(jest, suiteFolder(jest, cwd), 'a.test.js');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
  expect(existsSync(join(cwd, 'coverage'))).toBe(false);
});

test('a new snapshot is written, unless the environment or an argument says CI', async () => {
  const cwd = await temporaryProject({ ...CONFIG, 'a.test.js': "test('a', () => expect(1).toMatchSnapshot());" });
  const kindWith = async (extra: Parameters<typeof suiteFolder>[2]) =>
    (await runFramework(jest, suiteFolder(jest, cwd, extra), 'a.test.js')).reading.kind;
  expect([await kindWith({ env: { CI: 'true' } }), await kindWith({ args: ['--ci'] }), await kindWith({})]).toEqual([
    'failed',
    'failed',
    'passed',
  ]);
  expect(existsSync(join(cwd, '__snapshots__/a.test.js.snap'))).toBe(true);
});

test('what a run does otherwise than its configuration says is known before', async () => {
  const cwd = await temporaryProject({
    'base.js':
      "module.exports = { globalSetup: './up.js', projects: [{ displayName: 'one' }], reporters: ['default', './mine.js'] };",
    'jest.config.js': "module.exports = { ...require('./base.js'), watchman: false };",
    'up.js': '',
    'mine.js': '',
  });
  expect(await jest.remarks?.(suiteFolder(jest, cwd))).toEqual([
    expect.stringMatching(/global setup and teardown run for each/),
    'its reporters do not run: mine.js.',
  ]);
  expect(await jest.remarks?.(suiteFolder(jest, await temporaryProject(CONFIG)))).toEqual([]);
});

test('a missing framework is named', async () => {
  expect(await jest.missing(folder)).toBeNull();
  expect(await jest.missing(suiteFolder(jest, '/'))).toMatch(/jest is not installed/);
});

test('the reporter has the names that jest called before 26.2', () => {
  const { reporterFor } = createRequire(import.meta.url)('../../src/frameworks/jest/reporter.cjs');
  const [told, argv]: [object[], readonly string[]] = [[], process.argv];
  const reporter = new (reporterFor({ tell: (event: object) => told.push(event), workerProgram: 'worker.js' }))();
  const testCase = { ancestorTitles: ['g'], title: 'x', status: 'passed', duration: 1, failureMessages: [] };
  reporter.onTestStart();
  expect(process.argv[1]).toBe('worker.js');
  reporter.onTestResult({}, { testFilePath: '/p/a.js', numFailingTests: 0, testResults: [testCase] });
  expect(process.argv).toBe(argv);
  expect(told).toEqual([expect.objectContaining({ type: 'file', path: '/p/a.js', failed: false, cases: [testCase] })]);
});
