import { describe, expect, test } from 'vitest';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { merged, ownStatements, statementsIn } from '../support/covered.js';
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
    const alone = await running(cwd, cold, jest, { args })(FILES[2]);
    await worker.close();

    const whole = await merged(jest, cwd, [...kept, alone], { args });
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

  test('what its files cover together is what vitest says', async () => {
    const coverage = {
      enabled: true,
      provider: 'v8',
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
    const alone = await running(cwd, cold, vitest)(FILES[2]);
    await worker.close();

    const whole = await merged(vitest, cwd, [...kept, alone]);
    expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringContaining('Coverage summary') });
    expect(await statementsIn(cwd)).toEqual(own);

    const part = await merged(vitest, cwd, kept);
    expect(part.verdict).toEqual({ kind: 'below' });
    expect(part.output).toContain('global threshold (80%)');
    expect((await merged(vitest, cwd, [{ ...alone, end: { kind: 'failed', cases: [] } }])).verdict).toEqual({ kind: 'skipped' });
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
    const alone = await running(cwd, cold, mocha, { spec })(FILES[2]);
    await worker.close();

    const whole = await merged(mocha, cwd, [...kept, alone], { spec });
    expect(whole).toEqual({ verdict: { kind: 'met' }, output: expect.stringContaining('Coverage summary') });
    expect(whatRan(await statementsIn(cwd))).toEqual(whatRan(own));

    const part = await merged(mocha, cwd, kept, { spec });
    expect(part).toEqual({ verdict: { kind: 'below' }, output: expect.stringContaining('global threshold (80%)') });
  });
});
