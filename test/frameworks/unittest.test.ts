import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unittest } from '../../src/frameworks/unittest/adapter.js';
import { expectRow, expectRun, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { UNITTEST } from './expected/unittest.js';

const fixture = join(import.meta.dirname, '../fixtures/unittest');
const folder = (cwd = fixture, args: string[] = []) =>
  suiteFolder(unittest, cwd, { args, env: { PYTHONDONTWRITEBYTECODE: '1' } });
/** A module with one test; `body` is its only line. */
const module = (body = 'pass') => `import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        ${body}\n`;

const runOf = runsOf(unittest, () => folder());

describe('what unittest leaves behind', () => {
  test.each(UNITTEST)('$file: exit code $exitCode is $kind', async (expected) => {
    expectRow(await runOf(expected.file), expected);
  });

  test('a file without tests is none to be red about, whatever the version of Python exits with', async () => {
    const { reading, evidence } = await runOf('tests/test_no_tests.py');
    expect([0, 5]).toContain(evidence.exitCode); // 5 since 3.12.
    expect(reading).toMatchObject({ kind: 'noTests', cases: [], isError: false });
  });
});

test('a process that dies is told from one that leaves, and from which test', async () => {
  const killed = await runOf('tests/test_sigkill.py');
  expect(killed.reading).toMatchObject({
    reason: 'unittest was ended by SIGKILL before its report was complete. It was running Kill.test_kill.',
  });
  const left = await runOf('tests/test_exit_zero.py');
  expect(left.reading).toMatchObject({
    reason: 'unittest exited with 0 before its report was complete. It was running Leave.test_leave.',
  });
});

test('cases carry their class, and what unittest says of those that did not run or were known to fail', async () => {
  const { reading, output } = await runOf('tests/test_ok.py');
  expect(reading.cases.map(({ name, status, message }) => ({ name, status, message }))).toEqual([
    { name: ['Asynchronous', 'test_waits'], status: 'passed', message: null },
    { name: ['Later', 'setUpClass'], status: 'skipped', message: 'no database' },
    { name: ['Prices', 'test_known_defect'], status: 'skipped', message: 'expected failure: AssertionError: 1 != 2' },
    { name: ['Prices', 'test_later'], status: 'skipped', message: 'not on a Monday' },
    { name: ['Prices', 'test_leaves_out_one'], status: 'skipped', message: '[number] (number=1): odd' },
    { name: ['Prices', 'test_prints'], status: 'passed', message: null },
    { name: ['Prices', 'test_reads'], status: 'passed', message: null },
    { name: ['tests.base.Shared', 'test_everywhere'], status: 'passed', message: null },
    { name: ['add'], status: 'passed', message: null },
  ]);
  expect(output).toContain('OK (skipped=3, expected failures=1)');
});

test('a red case carries its message, its traceback and its line; each red subtest and fixture is a case', async () => {
  const { reading } = await runOf('tests/test_fail.py');
  expect(reading.cases.map(({ name, status, message }) => [status, ...name, message?.split('\n')[0]].join(' | '))).toEqual([
    'passed | Red | test_green | ',
    'failed | Red | test_leaves | SystemExit: 0',
    "failed | Red | test_red | AssertionError: {'answer': 41} != {'answer': 42}",
    'failed | Red | test_repaired | unexpected success: the test is marked as an expected failure, and passed',
    'failed | Red | test_subtests | [number] (number=1) | AssertionError: 1 == 1',
    'failed | Red | test_subtests | [number] (number=3) | RuntimeError: three is red',
    'failed | RedSetup | setUpClass | RuntimeError: the setup is red',
    'failed | RedTeardown | test_both | AssertionError: the test is red',
    'failed | RedTeardown | test_both | RuntimeError: the teardown is red',
  ]);
  expect(reading.cases[2]).toMatchObject({
    message: expect.stringMatching(/: the answer$/),
    stack: expect.stringMatching(/^tests\/test_fail\.py:11: AssertionError\nTraceback .*, in test_red\n/s),
  });
});

test('a file that cannot be loaded fails with the message of Python', async () => {
  const syntax = await runOf('tests/test_syntax_error.py');
  expect(syntax.reading.cases).toMatchObject([
    {
      name: ['tests/test_syntax_error.py'],
      message: expect.stringMatching(/^SyntaxError: /),
      stack: expect.stringMatching(/^tests\/test_syntax_error\.py:5: SyntaxError\n/),
    },
  ]);
  const missing = await runOf('tests/test_missing_import.py');
  expect(missing.reading.cases).toMatchObject([{ message: "ModuleNotFoundError: No module named 'nowhere_to_be_found'" }]);
  const nowhere = await runOf('tests/test_nowhere.py');
  expect(nowhere.reading.cases).toMatchObject([{ message: 'There is no file tests/test_nowhere.py.' }]);
});

test('lists the files with tests, those that skip themselves, and those that cannot be loaded', async () => {
  const names = ['all_skipped', 'exit_zero', 'fail', 'missing_import', 'module_setup_fails', 'module_skips', 'ok', 'sigkill'];
  expect(await unittest.list(folder())).toEqual([
    'tests/sub/test_below.py',
    ...[...names, 'syntax_error'].map((name) => `tests/test_${name}.py`),
  ]);
});

describe('options of discovery hold for the listing and for each file', () => {
  const files = {
    'checks/a_check.py': `from lib.thing import ONE\nassert ONE == 1\n${module()}`,
    'checks/b_check.py': module('self.fail("no")'),
    'checks/test_other.py': module(),
    'lib/thing.py': 'ONE = 1\n',
    'lib/__init__.py': '',
    'checks/__init__.py': '',
  };
  test.each([
    [['-s', 'checks', '-p', '*_check.py', '-t', '.']],
    [['discover', '-s', 'checks', '-p', '*_check.py', '-t', '.']],
    [['checks', '*_check.py', '.']],
    [['-v', '--start-directory=checks', '--pattern=*_check.py', '--top-level-directory=.']],
  ])('%j', async (args) => {
    const own = folder(await temporaryProject(files), args);
    expect(await unittest.list(own)).toEqual(['checks/a_check.py', 'checks/b_check.py']);
    expect((await runFramework(unittest, own, 'checks/a_check.py')).reading.kind).toBe('passed');
    expect((await runFramework(unittest, own, 'checks/b_check.py')).reading.kind).toBe('failed');
  });

  test('-k', async () => {
    const cwd = await temporaryProject({ 'test_a.py': module(), 'test_b.py': `${module()}    def test_b(self): pass\n` });
    const own = folder(cwd, ['-k', '*test_b.A.test_b']);
    expect(await unittest.list(own)).toEqual(['test_b.py']);
    expect((await runFramework(unittest, own, 'test_b.py')).reading.cases.map(({ name }) => name)).toEqual([['A', 'test_b']]);
  });

  test('a start folder without packages is its own top level', async () => {
    const cwd = await temporaryProject({ 'tests/helper.py': '', 'tests/test_a.py': `import helper\n${module()}` });
    const own = folder(cwd, ['-s', 'tests']);
    expect(await unittest.list(own)).toEqual(['tests/test_a.py']);
    expect((await runFramework(unittest, own, 'tests/test_a.py')).reading.kind).toBe('passed');
  });
});

test('a file is run without loading any other test file', async () => {
  const loud = `print("loaded", __name__)\n${module()}`;
  const files = {
    'test_a.py': loud,
    'test_b.py': loud,
    'pkg/__init__.py': loud,
    'other/__init__.py': loud,
    'pkg/test_c.py': loud,
  };
  const own = folder(await temporaryProject(files));
  expect(await unittest.list(own)).toEqual(['other/__init__.py', 'pkg/__init__.py', 'pkg/test_c.py', 'test_a.py', 'test_b.py']);
  const loaded = async (file: string) => (await runFramework(unittest, own, file)).output.match(/loaded \S+/g);
  expect(await loaded('test_a.py')).toEqual(['loaded test_a']);
  expect(await loaded('pkg/test_c.py')).toEqual(['loaded pkg', 'loaded pkg.test_c']);
  expect(await loaded('pkg/__init__.py')).toEqual(['loaded pkg']);
});

describe('load_tests', () => {
  test('of a package that discovers by itself: its files are listed, and each runs with what it makes of them', async () => {
    const cwd = await temporaryProject({
      'pkg/__init__.py': `import os
def load_tests(loader, tests, pattern):
    tests.addTests(t for suite in loader.discover(os.path.dirname(__file__), "check_*.py", os.path.dirname(os.path.dirname(__file__))) for t in suite)
    return tests
`,
      'pkg/check_a.py': module(),
      'pkg/check_b.py': module('self.fail("no")'),
      'pkg/test_not_chosen.py': module(),
    });
    expect(await unittest.list(folder(cwd))).toEqual(['pkg/check_a.py', 'pkg/check_b.py']);
    await expectRun(unittest, folder(cwd), 'pkg/check_a.py', { exitCode: 0, kind: 'passed', counts: [1, 0, 0] });
    await expectRun(unittest, folder(cwd), 'pkg/check_b.py', { exitCode: 1, kind: 'failed', counts: [0, 1, 0] });
  });

  test('of a package that makes tests of its own: they are those of its __init__.py', async () => {
    const cwd = await temporaryProject({
      'pkg/__init__.py': `import unittest
def load_tests(loader, tests, pattern):
    return unittest.TestSuite([unittest.FunctionTestCase(lambda: None), *loader.loadTestsFromName("pkg.cases")])
`,
      'pkg/cases.py': module(),
    });
    expect(await unittest.list(folder(cwd))).toEqual(['pkg/__init__.py']);
    await expectRun(unittest, folder(cwd), 'pkg/__init__.py', { exitCode: 0, kind: 'passed', counts: [2, 0, 0] });
  });

  test('of a file that fails: the file is red, the others are not concerned', async () => {
    const cwd = await temporaryProject({
      'test_a.py': 'def load_tests(loader, tests, pattern):\n    raise RuntimeError("no tests today")\n',
      'test_b.py': module(),
    });
    expect(await unittest.list(folder(cwd))).toEqual(['test_a.py', 'test_b.py']);
    const { reading } = await runFramework(unittest, folder(cwd), 'test_a.py');
    expect(reading).toMatchObject({ kind: 'failed', cases: [{ name: ['test_a.py'], message: 'RuntimeError: no tests today' }] });
  });

  test('that returns a suite of another class: the suite runs them', async () => {
    const cwd = await temporaryProject({
      'test_a.py': `${module()}
class Loud(unittest.TestSuite):
    def run(self, result, debug=False):
        print("begun by", type(self).__name__)
        return super().run(result, debug)
def load_tests(loader, tests, pattern):
    return Loud(tests)
`,
    });
    const { reading, output } = await runFramework(unittest, folder(cwd), 'test_a.py');
    expect(reading).toMatchObject({ kind: 'passed', cases: [{ name: ['A', 'test_a'] }] });
    expect(output).toContain('begun by Loud');
  });
});

test('in parts a test that does not run is a case of its own, so that the parts add up', async () => {
  const cwd = await temporaryProject({
    'test_a.py': `import unittest
class Later(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("no database")
    def test_a(self): pass
    def test_b(self): pass
class Now(unittest.TestCase):
    def test_a(self): pass
    def test_b(self):
        for number in range(3):
            with self.subTest(number=number):
                self.skipTest("odd")
`,
  });
  const named = [
    ['Later', 'test_a'],
    ['Now', 'test_a'],
  ];
  const part = async (kind: 'only' | 'except') => {
    const { reading } = await runFramework(unittest, folder(cwd), 'test_a.py', { kind, names: named });
    return { kind: reading.kind, left: reading.left, cases: reading.cases.map(({ name, message }) => [...name, message]) };
  };
  expect(await part('only')).toEqual({
    kind: 'passed',
    left: 2,
    cases: [
      ['Now', 'test_a', null],
      ['Later', 'test_a', 'no database'],
    ],
  });
  expect(await part('except')).toEqual({
    kind: 'passed',
    left: 2,
    cases: [
      ['Now', 'test_b', '(number=0): odd'],
      ['Later', 'test_b', 'no database'],
    ],
  });
});

test('a file that cannot be loaded is red in each of its parts', async () => {
  const { reading } = await runFramework(unittest, folder(), 'tests/test_missing_import.py', {
    kind: 'only',
    names: [['Missing', 'test_one']],
  });
  expect(reading).toMatchObject({ kind: 'failed', cases: [{ name: ['tests/test_missing_import.py'] }] });
});

describe('a listing is complete, or an error that names the file', () => {
  test.each<[string, Record<string, string>, string[], RegExp]>([
    [
      'a package whose load_tests fails',
      { 'pkg/__init__.py': 'def load_tests(*_):\n    raise RuntimeError("not today")\n', 'pkg/test_a.py': module() },
      [],
      /pkg\/__init__\.py cannot be loaded.*not today/s,
    ],
    [
      'a module that is found elsewhere',
      { 'test_a.py': 'import sys, json\nsys.modules["test_b"] = json\n', 'test_b.py': '' },
      [],
      /test_b\.py cannot be loaded.*incorrectly imported/s,
    ],
    ['a start folder that is none', {}, ['-s', 'nowhere'], /Start directory is not importable/],
    ['an option that is none', {}, ['--nonsense'], /unrecognized arguments: --nonsense/],
    ['a start folder outside', { 'sub/x.txt': '' }, ['-s', '..'], /is outside of the suite's folder/],
  ])('%s', async (_what, files, args, message) => {
    const cwd = await temporaryProject(files);
    const own =
      args[1] === '..'
        ? folder(join(await temporaryProject({ 'test_a.py': module(), 'sub/x.txt': '' }), 'sub'), args)
        : folder(cwd, args);
    await expect(unittest.list(own)).rejects.toMatchObject({
      code: 'LISTING_FAILED',
      message: expect.stringMatching(message),
    });
  });
});

test('a file that changes the working folder, and tests that replace what a report is written with, change no report', async () => {
  const cwd = await temporaryProject({
    'test_a.py': `import os, time, unittest, unittest.mock
os.chdir("/")
class A(unittest.TestCase):
    def setUp(self):
        for name in ("os.open", "os.write", "os.close", "os.getpid", "time.perf_counter", "json.dumps", "builtins.open"):
            patch = unittest.mock.patch(name, return_value=0)
            patch.start()
            self.addCleanup(patch.stop)
    def test_a(self):
        self.fail("no")
    def test_b(self):
        if os.fork() == 0:
            raise RuntimeError("in the child")
        os.wait()
`,
    'test_b.py': module(),
  });
  expect(await unittest.list(folder(cwd))).toEqual(['test_a.py', 'test_b.py']);
  const { reading } = await runFramework(unittest, folder(cwd), 'test_a.py');
  expect(reading.cases.map(({ name, status }) => `${status} ${name.join('.')}`)).toEqual(['failed A.test_a', 'passed A.test_b']);
});

test('a virtual environment in the folder is used, and a missing Python is named', async () => {
  expect(await unittest.missing(folder())).toBeNull();
  expect(await unittest.version(folder())).toMatch(/^3\.\d+\.\d+/);
  expect(await unittest.missing(suiteFolder(unittest, '/', { env: { PATH: '/nowhere' } }))).toMatch(/^There is no Python: /);
});
