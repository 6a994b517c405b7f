import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { about } from '../../src/frameworks/vitest/about.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { VITEST } from './expected/vitest.js';

const folder = suiteFolder(vitest, join(import.meta.dirname, '../fixtures/vitest'));
const GREEN = "import { test } from 'vitest';\ntest('green', () => {});\n";

const runOf = runsOf(vitest, () => folder);

describe('what vitest leaves behind', () => {
  test.concurrent.each(VITEST)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
    if (reading.kind === 'crashed') expect(reading.reason).toBe('vitest exited with 1 before its report was complete.');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, VITEST, {
      passes: 'ok.test.ts',
      fails: 'fail.test.ts',
      noTests: 'no-tests.test.ts',
      allSkipped: 'all-skipped.test.ts',
      killed: 'sigkill.test.ts',
      exitsZero: 'exit-zero.test.ts',
      syntaxError: 'syntax-error.test.ts',
      missingImport: 'missing-import.test.ts',
      noSuchFile: 'nope.test.ts',
    });
  });
});

test('cases carry their path, message, stack, retries and duration', async () => {
  const { reading, output } = await runOf('fail.test.ts');
  expect(reading.cases).toEqual([
    { name: ['outer', 'is green'], status: 'passed', durationMs: expect.any(Number), message: null },
    {
      name: ['outer', 'inner', 'is red'],
      status: 'failed',
      durationMs: expect.any(Number),
      message: 'AssertionError: expected { answer: 41 } to deeply equal { answer: 42 }',
      stack: expect.stringMatching(/fail\.test\.ts:7:\d+/),
    },
    { name: ['is green at the third go'], status: 'passed', durationMs: expect.any(Number), message: null, retries: 2 },
  ]);
  expect(output).toContain('FAIL  fail.test.ts > outer > inner > is red');
});

test('a file that cannot be loaded fails with the message of vitest', async () => {
  const syntax = await runOf('syntax-error.test.ts');
  expect(syntax.reading.cases).toMatchObject([
    { name: ['syntax-error.test.ts'], message: expect.stringContaining('[PARSE_ERROR] Unexpected') },
  ]);
  const missing = await runOf('missing-import.test.ts');
  expect(missing.reading.cases[0]?.message).toContain("Cannot find module './src/nowhere'");
});

test('there are no control codes in the output, whatever the CI asks for', async () => {
  const colourful = suiteFolder(vitest, folder.cwd, { env: { FORCE_COLOR: '1', CI: 'true' } });
  const { output } = await runFramework(vitest, colourful, 'fail.test.ts');
  expect(output).toContain('-   "answer": 42');
  expect(output).toBe(stripVTControlCharacters(output));
});

test('a file whose name ends like the asked one does not run with it', async () => {
  const { reading, output } = await runOf('ok.test.ts');
  expect(reading.kind).toBe('passed');
  expect(output).not.toContain('twin-ok.test.ts');
  expect(output).toContain('this is standard output');
  expect(output).toContain('this is standard error');
});

test('lists what vitest would run, whatever its configuration prints, and broken files too', async () => {
  const files = await vitest.list(folder);
  expect(files).toEqual(files.toSorted());
  expect(files).toHaveLength(15);
  expect(files).toEqual(expect.arrayContaining(['ok.test.ts', 'sub/ok.test.ts', 'syntax-error.test.ts']));
});

test('odd file names run as themselves, and the words after -- are passed on', async () => {
  const names = oddNames('.ts');
  const cwd = await temporaryProject({
    'vitest.config.js': 'export default {};',
    ...Object.fromEntries(names.map((name) => [name, GREEN])),
  });
  const odd = suiteFolder(vitest, cwd, { args: ['--testNamePattern=green'] });
  expect(await vitest.list(odd)).toEqual(names.toSorted());
  for (const name of names) {
    const { reading, output } = await runFramework(vitest, odd, name);
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind: 'passed', cases: 1, output });
  }
});

test('a project reached through a link is read all the same', async () => {
  const cwd = await temporaryProject({ 'real/a.test.ts': GREEN, 'real/vitest.config.js': 'export default {};' });
  await symlink(join(cwd, 'real'), join(cwd, 'link'));
  const linked = suiteFolder(vitest, join(cwd, 'link'));
  expect(await vitest.list(linked)).toEqual(['a.test.ts']);
  const { reading } = await runFramework(vitest, linked, 'a.test.ts');
  expect(reading.kind).toBe('passed');
});

test('a broken configuration is a listing that failed, with the message of vitest', async () => {
  const cwd = await temporaryProject({ 'vitest.config.js': "throw new Error('no such preset');" });
  await expect(vitest.list(suiteFolder(vitest, cwd))).rejects.toMatchObject({
    code: 'LISTING_FAILED',
    message: expect.stringContaining('no such preset'),
  });
});

test('coverage and its thresholds are those of the whole suite, so that no file has them', async () => {
  const cwd = await temporaryProject({
    'vitest.config.mjs': 'export default { test: { coverage: { enabled: true, thresholds: { lines: 100 } } } };',
    'coverage/of-another-run': '',
    'a.test.ts': GREEN,
  });
  const { reading, output } = await runFramework(vitest, suiteFolder(vitest, cwd, { args: ['--coverage'] }), 'a.test.ts');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
  expect(await readdir(join(cwd, 'coverage'))).toEqual(['of-another-run']);
});

test('type tests are listed, and each fails only for what is wrong in it', async () => {
  const types = (of: string) =>
    `import { expectTypeOf, test } from 'vitest';\ntest('a', () => { expectTypeOf(${of}).toBeNumber(); });\n`;
  const cwd = await temporaryProject({
    'vitest.config.mjs': 'export default { test: { typecheck: { enabled: true } } };',
    'tsconfig.json': JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: 'nodenext', skipLibCheck: true, types: [] },
    }),
    'package.json': '{ "type": "module" }',
    'a.test.ts': GREEN,
    'b.test-d.ts': types('1'),
    'c.test-d.ts': types("'1'"),
  });
  const typed = suiteFolder(vitest, cwd);
  expect(await vitest.list(typed)).toEqual(['a.test.ts', 'b.test-d.ts', 'c.test-d.ts']);
  const runs = await Promise.all(['a.test.ts', 'b.test-d.ts', 'c.test-d.ts'].map((file) => runFramework(vitest, typed, file)));
  expect(runs.map(({ reading }) => reading.kind)).toEqual(['passed', 'passed', 'failed']);
  expect(runs.map(({ reading }) => reading.cases.length)).toEqual([1, 1, 1]);
});

test('what a run does otherwise than its configuration says is known before', async () => {
  const config = "export default { test: { globalSetup: './up.mjs' } };";
  const cwd = await temporaryProject({ 'vitest.config.mjs': config, 'up.mjs': '', 'a.test.ts': GREEN });
  expect(await vitest.remarks?.(suiteFolder(vitest, cwd))).toEqual([
    expect.stringMatching(/global setup and teardown run for each/),
  ]);
  const plain = await temporaryProject({ 'vitest.config.mjs': 'export default {};', 'a.test.ts': GREEN });
  expect(await vitest.remarks?.(suiteFolder(vitest, plain))).toEqual([]);
});

test('a missing framework is named', async () => {
  expect(await vitest.missing(folder)).toBeNull();
  expect(await vitest.missing(suiteFolder(vitest, '/'))).toMatch(/vitest is not installed/);
});

test.each([
  ['1.6.1', /^vitest 1\.6\.1 is installed in \S+, which cannot list test files; Holdfast needs vitest 2\.1 or later\.$/],
  ['2.0.5', /needs vitest 2\.1 or later/],
  ['2.1.0', null],
  ['3.0.0-beta.1', null],
])('version %s is refused with the version that is needed, or taken', async (version, sentence) => {
  const manifest = JSON.stringify({ version, bin: './vitest.mjs' });
  const cwd = await mkdtemp(join(tmpdir(), 'holdfast-vitest-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await mkdir(join(cwd, 'node_modules/vitest'), { recursive: true });
  await writeFile(join(cwd, 'node_modules/vitest/package.json'), manifest);
  const missing = await vitest.missing(suiteFolder(vitest, cwd));
  if (sentence === null) expect(missing).toBeNull();
  else expect(missing).toMatch(sentence);
});

test.each([
  [0, 'passed', ['passed', 'skipped']],
  [1, 'crashed', ['passed']],
])('a case without a status, where vitest exits with %d: %s', (exitCode, kind, statuses) => {
  const one = (title: string, status: string) => ({ ancestorTitles: ['g'], title, status });
  const file = { name: '/p/a.test.ts', status: 'passed', assertionResults: [one('x', 'passed'), one('y', 'pending')] };
  const reading = vitest.read({
    exitCode,
    signal: null,
    reportText: JSON.stringify({ testResults: [file] }),
    durationMs: 1,
    file: 'a.test.ts',
    cwd: '/p',
    spec: { name: 'vitest', args: [], cwd: '.', env: {} },
  });
  expect({ kind: reading.kind, statuses: reading.cases.map(({ status }) => status) }).toEqual({ kind, statuses });
});
