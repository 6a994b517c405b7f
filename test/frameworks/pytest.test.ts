import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/pytest/about.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { pytestEnvironment } from '../support/python.js';
import { expectRow, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { PYTEST } from './expected/pytest.js';

const fixture = join(import.meta.dirname, '../fixtures/pytest');
let environment = '';
beforeAll(async () => {
  environment = await pytestEnvironment();
}, 180_000);

const folder = (cwd = fixture, args: string[] = []) =>
  suiteFolder(pytest, cwd, { args, env: { VIRTUAL_ENV: environment, PYTHONDONTWRITEBYTECODE: '1' } });

const runOf = runsOf(pytest, () => folder());

describe('what pytest leaves behind', () => {
  test.each(PYTEST)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, PYTEST, {
      passes: 'tests/test_ok.py',
      fails: 'tests/test_fail.py',
      noTests: 'tests/test_no_tests.py',
      allSkipped: 'tests/test_all_skipped.py',
      killed: 'tests/test_sigkill.py',
      exitsZero: 'tests/test_exit_zero.py',
      syntaxError: 'tests/test_syntax_error.py',
      missingImport: 'tests/test_missing_import.py',
      noSuchFile: 'tests/test_nowhere.py',
    });
  });
});

test('a process that dies is told from one that leaves', async () => {
  const killed = await runOf('tests/test_sigkill.py');
  expect(killed.reading).toMatchObject({
    reason: 'pytest was ended by SIGKILL before its report was complete. It was running test_kills_itself.',
  });
  const left = await runOf('tests/test_exit_zero.py');
  expect(left.reading).toMatchObject({
    reason: expect.stringMatching(/^pytest exited with 0 before its report was complete\. It was running /),
  });
});

test('cases carry classes, parameters and what xfail and skip say', async () => {
  const { reading, output } = await runOf('tests/test_ok.py');
  expect(reading.cases.map(({ name, status, message }) => ({ name, status, message }))).toEqual([
    { name: ['test_prints'], status: 'passed', message: null },
    { name: ['TestPrices', 'test_reads[1.50]'], status: 'passed', message: null },
    { name: ['TestPrices', 'test_reads[a/b]'], status: 'passed', message: null },
    { name: ['TestPrices', 'test_reads[[x]]'], status: 'passed', message: null },
    { name: ['TestPrices', 'test_reads[say "hi" & <go>]'], status: 'passed', message: null },
    { name: ['TestPrices', 'TestRounded', 'test_down'], status: 'passed', message: null },
    { name: ['test_known_defect'], status: 'skipped', message: 'known' },
    { name: ['test_later'], status: 'skipped', message: 'not on a Monday' },
  ]);
  expect(output).toContain('6 passed, 1 skipped, 1 xfailed');
});

test('a red case carries its message, its traceback and what it printed', async () => {
  const { reading } = await runOf('tests/test_fail.py');
  expect(reading.cases).toMatchObject([
    { name: ['test_green'], status: 'passed' },
    {
      name: ['test_red'],
      message: expect.stringMatching(/^AssertionError: the answer\nassert \{'answer': 41\} == \{'answer': 42\}/),
      stack: expect.stringContaining('tests/test_fail.py:21: AssertionError'),
      output: 'said before it failed',
    },
    { name: ['test_teardown'], status: 'passed' },
    { name: ['test_teardown'], message: 'failed on teardown with "RuntimeError: the teardown is red"' },
    { name: ['test_setup'], message: 'failed on setup with "RuntimeError: the setup is red"' },
  ]);
});

test('a test whose teardown fails as well is two failed cases, as pytest counts', async () => {
  const lines = [
    'import pytest',
    '@pytest.fixture',
    'def f():',
    '  yield',
    '  raise RuntimeError("late")',
    'def test_a(f):',
    '  assert 0',
  ];
  const cwd = await temporaryProject({ 'test_twice.py': `${lines.join('\n')}\n` });
  const { reading, output } = await runFramework(pytest, folder(cwd), 'test_twice.py');
  expect(reading.cases.map(({ name, status }) => [name, status])).toEqual([
    [['test_a'], 'failed'],
    [['test_a'], 'failed'],
  ]);
  expect(output).toContain('1 failed, 1 error');
});

test('a file that cannot be loaded fails with the message of pytest', async () => {
  const syntax = await runOf('tests/test_syntax_error.py');
  expect(syntax.reading.cases).toMatchObject([
    { name: ['tests/test_syntax_error.py'], message: expect.stringContaining('SyntaxError: invalid syntax') },
  ]);
  const missing = await runOf('tests/test_missing_import.py');
  expect(missing.reading.cases).toMatchObject([{ message: "ModuleNotFoundError: No module named 'nowhere_to_be_found'" }]);
});

const LISTED = [
  'tests/sub/test_below.py',
  ...['all_skipped', 'exit_zero', 'fail', 'missing_import', 'module_skips', 'ok', 'sigkill', 'syntax_error'].map(
    (name) => `tests/test_${name}.py`,
  ),
];

test.each([[[]], [['-q']], [['-qq']], [['-vv']], [['-s']]])(
  'lists the files with tests, and those that cannot be loaded, with %j',
  async (args) => {
    expect(await pytest.list(folder(fixture, args))).toEqual(LISTED);
  },
);

test('options after -- choose what is listed', async () => {
  expect(await pytest.list(folder(fixture, ['-k', 'test_below', '--ignore-glob=*/test_[ms]*']))).toEqual([
    'tests/sub/test_below.py',
  ]);
});

test('the exit code for no tests is none for a file in which some passed', async () => {
  const files = { 'pytest.ini': '[pytest]\n', 'test_a.py': 'import atexit, os\ndef test_it(): atexit.register(os._exit, 5)\n' };
  const { reading } = await runFramework(pytest, folder(await temporaryProject(files)), 'test_a.py');
  expect(reading).toMatchObject({ kind: 'failed', cases: [{ status: 'passed' }, { name: ['test_a.py'], status: 'failed' }] });
});

test('a suite below the root of its project has paths of its own', async () => {
  const below = folder(join(fixture, 'tests'));
  expect(await pytest.list(below)).toContain('sub/test_below.py');
  const { reading } = await runFramework(pytest, below, 'test_ok.py');
  expect(reading.cases.map(({ name }) => name)).toContainEqual(['TestPrices', 'TestRounded', 'test_down']);
});

test('odd file names run as themselves', async () => {
  const names = [
    '-leading_test.py',
    'new\nline_test.py',
    'sub/[id] (copy) {a,b}_test.py',
    'test_a space and "quotes\' $HOME.py',
    'test_two::colons.py',
    '[folder]/test_inside.py',
  ];
  const cwd = await temporaryProject({
    'pytest.ini': '[pytest]\n',
    'test_bystander.py': 'def test_red():\n    assert False\n',
    'sub/test_bystander_too.py': 'def test_red():\n    assert False\n',
    ...Object.fromEntries(names.map((name) => [name, 'def test_green():\n    pass\n'])),
  });
  expect(await pytest.list(folder(cwd))).toEqual([...names, 'test_bystander.py', 'sub/test_bystander_too.py'].sort());
  for (const name of names) {
    const { reading, output } = await runFramework(pytest, folder(cwd), name);
    const cases = reading.cases.map((one) => [one.name, one.status]);
    expect({ name, cases, output }).toEqual({ name, cases: [[['test_green'], 'passed']], output });
  }
});

test('a virtual environment in the folder is used, and a missing pytest is named', async () => {
  expect(await pytest.missing(folder())).toBeNull();
  const cwd = await temporaryProject({});
  await execa('python3', ['-m', 'venv', '--without-pip', join(cwd, '.venv')]);
  const bare = suiteFolder(pytest, cwd);
  expect(await pytest.missing(bare)).toBe(`The package pytest is not installed for ${cwd}/.venv/bin/python.`);
  expect(await pytest.missing(suiteFolder(pytest, '/', { env: { PATH: '/nowhere' } }))).toMatch(/^There is no Python: /);
});
