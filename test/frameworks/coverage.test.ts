import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { go } from '../../src/frameworks/go/adapter.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { elsewhere, merged, ownStatements, statementsIn } from '../support/covered.js';
import { PLUGINS, pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, inOneDispatch, running } from '../support/run-warm.js';

/** Three files of tests, each of which covers another third; no test loads the last file. */
const SOURCES = {
  'src/sign.js': `exports.sign = (n) => {
  if (n > 0) return 'plus';
  if (n < 0) return 'minus';
  return 'zero';
};
exports.both = (a, b) => {
  const first = exports.sign(a);
  const second = exports.sign(b);
  return first + second;
};
`,
  'src/never.js': 'exports.never = () => 1;\n',
};
const TESTS = {
  'tests/plus.test.js': "const { sign } = require('../src/sign.js'); test('plus', () => expect(sign(1)).toBe('plus'));",
  'tests/minus.test.js': "const { sign } = require('../src/sign.js'); test('minus', () => expect(sign(-1)).toBe('minus'));",
  'tests/both.test.js': "const { both } = require('../src/sign.js'); test('both', () => expect(both(0, 1)).toBe('zeroplus'));",
};
const FILES = Object.keys(TESTS) as [string, string, string];

describe('jest', () => {
  test.each(['babel', 'v8'])('what its files cover together is what jest says, measured by %s', async (provider) => {
    const settings = {
      testEnvironment: 'node',
      cacheDirectory: '<rootDir>/.cache', // Of its own, so that another machine's is not here.
      coverageProvider: provider,
      coverageReporters: ['json', 'text-summary'],
      collectCoverageFrom: ['src/**'],
      coverageThreshold: { global: { statements: 80 } },
    };
    const cwd = await temporaryProject({ ...SOURCES, ...TESTS, 'package.json': JSON.stringify({ jest: settings }) });
    const args = ['--coverage'];
    const own = await ownStatements(cwd, ['node', 'node_modules/jest/bin/jest.js', '-w=2', ...args]);
    const worker = aWarmWorker();
    const kept = await inOneDispatch(running(cwd, worker, jest, { args }), FILES.slice(0, 2));
    const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, jest, { args })(FILES[2])]);
    await worker.close();

    const whole = await merged(jest, cwd, [...kept, ...alone], { args });
    expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringContaining('Coverage summary') });
    expect(await statementsIn(cwd)).toEqual(own);

    const part = await merged(jest, cwd, kept, { args });
    expect(part.verdict).toEqual({ kind: 'below' });
    expect(part.output).toContain('"global" threshold (80%)');
  });
});

describe('vitest', () => {
  const esm = (text: string) =>
    text
      .replace(/exports\.(\w+) = /g, 'export const $1 = ')
      .replaceAll('exports.', '')
      .replace(/const (\{.*\}) = require\((.*?)\)/, 'import $1 from $2');
  const asEsm = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, esm(text)]));

  test.each(['v8', 'istanbul'])('what its files cover together is what vitest says, measured by %s', async (provider) => {
    const coverage = {
      enabled: true,
      provider,
      include: ['src/**'],
      reporter: ['json', 'text-summary'],
      thresholds: { statements: 80 },
    };
    const cwd = await temporaryProject({
      ...asEsm(SOURCES),
      ...asEsm(TESTS),
      'vitest.config.mjs': `export default { test: { globals: true, coverage: ${JSON.stringify(coverage)} } };`,
    });
    const own = await ownStatements(cwd, ['node', 'node_modules/vitest/vitest.mjs', 'run']);
    const worker = aWarmWorker();
    const kept = await inOneDispatch(running(cwd, worker, vitest), FILES.slice(0, 2));
    const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, vitest)(FILES[2])]);
    await worker.close();

    const whole = await merged(vitest, cwd, [...kept, ...alone]);
    expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringContaining('Coverage summary') });
    expect(await statementsIn(cwd)).toEqual(own);

    const part = await merged(vitest, cwd, kept);
    expect(part.verdict).toEqual({ kind: 'below' });
    expect(part.output).toContain('global threshold (80%)');
    const red = kept.map((run): FileRun => ({ ...run, end: { kind: 'failed', cases: [] } }));
    expect((await merged(vitest, cwd, red)).verdict).toEqual({ kind: 'skipped' });
  });
});

describe('mocha', () => {
  /** mocha runs all of its files in one process, so that what a module does as it is loaded counts once: compared is what ran at all. */
  const whatRan = (report: Awaited<ReturnType<typeof statementsIn>>) =>
    Object.fromEntries(
      Object.entries(report).map(([path, { statementMap, s, f }]) => [path, { statementMap, s: ranIn(s), f: ranIn(f) }]),
    );
  const ranIn = (counts: Readonly<Record<string, number>>) => Object.values(counts).map((count) => count > 0);
  const tests = Object.fromEntries(
    Object.entries(TESTS).map(([path, text]) => [
      path,
      text.replace("test('", "it('").replace(/expect\((.*)\)\.toBe\(/, "require('node:assert').equal($1, "),
    ]),
  );

  test.each(['c8', 'nyc'])('what its files cover together is what `%s mocha` says', async (program) => {
    const options = [
      '--all',
      '--reporter=json',
      '--reporter=text-summary',
      '--check-coverage',
      '--statements=80',
      '--lines=80',
      '--include=src/**',
    ];
    const cwd = await temporaryProject({
      ...SOURCES,
      ...tests,
      '.mocharc.json': '{ "spec": "tests/*.js" }',
      'package.json': '{}',
    });
    const bin = program === 'c8' ? 'c8/bin/c8.js' : 'nyc/bin/nyc.js';
    const own = await ownStatements(cwd, ['node', `node_modules/${bin}`, ...options, 'node', 'node_modules/mocha/bin/mocha.js']);
    const spec = { coverageCommand: [program, ...options] };
    const worker = aWarmWorker();
    const kept = await inOneDispatch(running(cwd, worker, mocha, { spec }), FILES.slice(0, 2));
    const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, mocha, { spec })(FILES[2])]);
    await worker.close();

    const whole = await merged(mocha, cwd, [...kept, ...alone], { spec });
    expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringContaining('Coverage summary') });
    expect(whatRan(await statementsIn(cwd))).toEqual(whatRan(own));

    const part = await merged(mocha, cwd, kept, { spec });
    expect(part).toEqual({ verdict: { kind: 'below' }, output: expect.stringContaining('global threshold (80%)') });
  });
});

test('what the files of pytest cover together is what pytest-cov says', async () => {
  const project = {
    'pkg/__init__.py': '',
    'pkg/never.py': 'def never():\n    return 1\n',
    'pkg/sign.py': `def sign(n):
    if n > 0:
        return "plus"
    if n < 0:
        return "minus"
    return "zero"


def both(a, b):
    return sign(a) + sign(b)
`,
    'pytest.ini': '[pytest]\naddopts = -v --cov --cov-branch --cov-report=json --cov-report=term --cov-fail-under=90\n',
    '.coveragerc': '[run]\nsource = pkg\n',
    ...Object.fromEntries(
      ['sign(1) == "plus"', 'sign(-1) == "minus"', 'both(0, 1) == "zeroplus"'].map((text, index) => [
        `test_${index}.py`,
        `from pkg.sign import both, sign\n\n\ndef test_it():\n    assert ${text}\n`,
      ]),
    ),
  };
  const cwd = await temporaryProject(project);
  await symlink(await pytestEnvironment('9.2.0', PLUGINS), join(cwd, '.venv'));
  const reportIn = async () => JSON.parse(await readFile(join(cwd, 'coverage.json'), 'utf8')).files;
  await execa(join(cwd, '.venv/bin/python'), ['-m', 'pytest'], { cwd, reject: false }); // Below its threshold.
  const own = await reportIn();
  await rm(join(cwd, 'coverage.json'));
  const worker = aWarmWorker();
  const kept = await inOneDispatch(running(cwd, worker, pytest), ['test_0.py', 'test_1.py']);
  const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, pytest)('test_2.py')]);
  await worker.close();

  const below = await merged(pytest, cwd, [...kept, ...alone]);
  expect(below).toEqual({ verdict: { kind: 'below' }, output: expect.stringContaining('not reached. Total coverage') });
  expect(await reportIn()).toEqual(own);

  const met = { args: ['--cov-fail-under=80'] };
  expect((await merged(pytest, cwd, [...kept, ...alone], met)).verdict).toEqual({ kind: 'met' });
  expect((await merged(pytest, cwd, kept, met)).verdict).toEqual({ kind: 'below' });
});

test('what the packages of go cover together is the profile that go writes', async () => {
  const source = (name: string) => `package ${name}\n\nfunc Of(n int) int {\n\tif n > 0 {\n\t\treturn 1\n\t}\n\treturn 2\n}\n`;
  const tested = (name: string, n: number) =>
    `package ${name}\n\nimport "testing"\n\nfunc TestOf(t *testing.T) {\n\tif Of(${n}) == 0 {\n\t\tt.Fatal()\n\t}\n}\n`;
  const cwd = await temporaryProject({
    'go.mod': 'module example.org/covered\n\ngo 1.22\n',
    'a/a.go': source('a'),
    'a/a_test.go': tested('a', 1),
    'a/b-c/b.go': source('b'),
    'a/b-c/b_test.go': tested('b', 0),
    'd/d.go': source('d'),
    'd/d_test.go': tested('d', 2),
    'never/never.go': source('never'),
  });
  const args = ['-coverprofile=c.out', '-covermode=count'];
  const linesIn = async () => (await readFile(join(cwd, 'c.out'), 'utf8')).split('\n').sort();
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  await execa('go', ['test', '-count=1', ...args, './...'], { cwd, env, extendEnv: false });
  const own = await linesIn();
  await rm(join(cwd, 'c.out'));
  const worker = aWarmWorker();
  const kept = await inOneDispatch(running(cwd, worker, go, { args }), ['a', 'a/b-c']);
  const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, go, { args })('d')]);
  await worker.close();

  const whole = await merged(go, cwd, [...kept, ...alone], { args });
  expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringMatching(/^c\.out: total: \(statements\) \d/) });
  expect(await linesIn()).toEqual(own);
});

test('what the files of node:test cover together is what node says', async () => {
  const tests = Object.entries(TESTS).map(([path, text]) => [
    path,
    text.replace("test('", "require('node:test')('").replace(/expect\((.*)\)\.toBe\(/, "require('node:assert').equal($1, "),
  ]);
  const cwd = await temporaryProject({ ...SOURCES, ...Object.fromEntries(tests) });
  const args = ['--experimental-test-coverage'];
  const words = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test', ...FILES];
  const own = await execa(process.execPath, [...args, ...words], { cwd, env: { PATH: process.env.PATH }, extendEnv: false });
  const worker = aWarmWorker();
  const run = running(cwd, worker, nodeTest, { args });
  const kept = [await run(FILES[0]), await run(FILES[1])];
  const alone = await elsewhere(cwd, async (copy) => [await running(copy, cold, nodeTest, { args })(FILES[2])]);
  await worker.close();

  const whole = await merged(nodeTest, cwd, [...kept, ...alone], { args });
  expect(whole).toEqual({ verdict: { kind: 'met' }, output: own.stdout.slice(own.stdout.indexOf('ℹ start of coverage')).trim() });
  expect(whole.output).toContain('src/sign.js');
});
