import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unittest } from '../../src/frameworks/unittest/adapter.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, expectSame, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { UNITTEST } from './expected/unittest.js';

const env = { PYTHONDONTWRITEBYTECODE: '1' };
const fixture = join(import.meta.dirname, '../fixtures/unittest');

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker();
  const run = running(fixture, worker, unittest, { env });
  for (const expected of UNITTEST) expectSame(await run(expected.file), expected);
  const without = 'tests/test_no_tests.py';
  expect(shape(await run(without))).toEqual(shape(await running(fixture, cold, unittest, { env })(without)));
  expect(worker.log).toEqual([]);
});

test('nothing of a file is left when the next one begins, in the same process', async () => {
  const worker = aWarmWorker();
  const body = (check: string) => `
import os, random, subprocess, sys, unittest, shared
class A(unittest.TestCase):
    def test_it(self):
        print("pid", os.getppid(), "attempt", os.environ["HOLDFAST_ATTEMPT"], sys.argv[1:])
        shared.count += 1
        self.assertEqual(shared.count, 1)
        ${check}
        os.chdir("/")
        os.environ["LEFT"] = "1"
        child = subprocess.Popen(["sleep", "300"])
        print("child", child.pid, "chance", random.random())
`;
  const files = {
    'shared.py': 'count = 0\n',
    'test_a.py': body('pass'),
    'test_b.py': body('self.assertNotIn("LEFT", os.environ)'),
  };
  const run = running(await temporaryProject(files), worker, unittest, { env, args: ['-v'] });
  const [a, b] = [await run('test_a.py'), await run('test_b.py', { attempt: 2 })];
  expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
  const seen = [a, b].map(({ output }) => /pid (\d+) attempt (\d) (.*)\nchild (\d+) chance (\S+)/.exec(output)?.slice(1) ?? []);
  expect(seen.map(([, attempt, words]) => [attempt, words])).toEqual([
    ['1', "['discover', '-v']"],
    ['2', "['discover', '-v']"],
  ]);
  expect(seen[1]?.[0]).toBe(seen[0]?.[0]);
  expect(seen[1]?.[4]).not.toBe(seen[0]?.[4]);
  for (const [, , , child] of seen) await until('what it left over is gone', async () => !(await isAlive(Number(child))));
});

test('a file that is red in a session only is green', async () => {
  const red =
    'import os, unittest\nclass A(unittest.TestCase):\n    def test_it(self): self.assertNotIn("holdfast_unittest_server", open(f"/proc/{os.getppid()}/cmdline").read())\n';
  const cwd = await temporaryProject({ 'test_a.py': red });
  const run = await running(cwd, aWarmWorker(), unittest, { env })('test_a.py');
  expect(kindOf(run)).toBe('passed');
});

test('some of its tests', async () => {
  const worker = aWarmWorker();
  const cwd = await temporaryProject({
    'test_a.py': 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n    def test_b(self): pass\n',
  });
  const run = running(cwd, worker, unittest, { env });
  const only = await run('test_a.py', { selection: { kind: 'only', names: [['A', 'test_b']] } });
  expect(only.end).toMatchObject({ kind: 'passed', left: 1, cases: [{ name: ['A', 'test_b'] }] });
});

test('a file that kills everything costs itself alone', async () => {
  const worker = aWarmWorker();
  const saying = (body: string) =>
    `import os, signal, unittest\nclass A(unittest.TestCase):\n    def test_it(self):\n        print("pid", os.getppid())\n${body}\n`;
  const kills = `
        if "holdfast_unittest_server" in open(f"/proc/{os.getppid()}/cmdline").read():
            os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)`;
  const red = '        self.fail()';
  const run = running(
    await temporaryProject({ 'test_a.py': saying(red), 'test_b.py': saying(kills), 'test_c.py': saying(red) }),
    worker,
    unittest,
    { env },
  );
  expect([await run('test_a.py'), await run('test_b.py'), await run('test_c.py')].map(kindOf)).toEqual([
    'failed',
    'crashed',
    'failed',
  ]);
});
