import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { expectInOneProcess, expectRedByItself } from '../support/in-one-process.js';
import { isAlive } from '../support/processes.js';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, coldOnce, expectSame, inOneDispatch, kindOf, running } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { PYTEST } from './expected/pytest.js';

const fixtures = join(import.meta.dirname, '../fixtures/pytest');
const env = { VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' };
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);

/** What is red in a session runs alone next, and has the same result whichever session it was. */
const alone = coldOnce();

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker({ alone });
  const run = running(fixtures, worker, pytest, { env });
  for (const expected of PYTEST) {
    const result = await run(expected.file);
    expectSame(result, expected);
  }
  expect(worker.log).toEqual([]);
});

test('a process that a file forks and leaves holds up nobody', async () => {
  const leaves = 'import os, time\ndef test_it():\n    if os.fork() == 0:\n        time.sleep(600)\n        os._exit(0)\n';
  const cwd = await temporaryProject({ 'test_a.py': leaves, 'test_b.py': leaves, 'test_c.py': 'def test_it(): pass\n' });
  const run = running(cwd, aWarmWorker(), pytest, { env });
  const runs = [...(await inOneDispatch(run, ['test_a.py', 'test_b.py'])), await run('test_c.py', { timeoutMs: 20_000 })];
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
});

test('nothing of a file is left when the next one begins', async () => {
  const worker = aWarmWorker();
  const first = `
import os, subprocess, sys, random, shared
def test_it():
    print("pid", os.getppid(), os.environ["HOLDFAST_ATTEMPT"])
    shared.count += 1
    assert shared.count == 1
    os.chdir("/")
    os.environ["LEFT"] = "1"
    sys.path.insert(0, "/nowhere")
    child = subprocess.Popen(["sleep", "300"])
    print("child", child.pid, "chance", random.random())
`;
  const files = {
    'shared.py': 'count = 0\n',
    'test_a.py': first,
    'test_b.py': first.replace('os.chdir', 'assert "LEFT" not in os.environ; os.chdir'),
  };
  const run = running(await temporaryProject(files), worker, pytest, { env, args: ['-s'] });
  const [a, b] = [await run('test_a.py'), await run('test_b.py', { attempt: 2 })];
  expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(b)).toBe(pidOf(a));
  expect(/pid \d+ (\d)/.exec(b.output)?.[1]).toBe('2');
  const found = [a, b].map(({ output }) => /child (\d+) chance (\S+)/.exec(output) ?? []);
  expect(found[0]?.[2]).not.toBe(found[1]?.[2]);
  for (const [, child] of found) await until('what it left over is gone', async () => !(await isAlive(Number(child))));
});

test('a file that kills everything costs itself alone', async () => {
  const worker = aWarmWorker();
  const says = 'import os, signal\ndef test_it():\n    print("pid", os.getppid())\n';
  const files = {
    'test_a.py': says,
    'test_b.py': `${says}    if "holdfast_pytest_server" in open(f"/proc/{os.getppid()}/cmdline").read():\n        os.kill(os.getppid(), signal.SIGKILL)\n    os.kill(os.getpid(), signal.SIGKILL)\n`,
    'test_c.py': says,
  };
  const run = running(await temporaryProject(files), worker, pytest, { env, args: ['-s'] });
  const [a, b, c] = [await run('test_a.py'), await run('test_b.py'), await run('test_c.py')];
  expect([a, b, c].map(kindOf)).toEqual(['passed', 'crashed', 'passed']);
  expect(pidOf(c)).not.toBe(pidOf(a));
});

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const files = PYTEST.map(({ file }) => file);
  const results = await inOneDispatch(running(fixtures, aWarmWorker({ alone }), pytest, { env }), files);
  for (const [index, expected] of PYTEST.entries()) expectSame(results[index] as FileRun, expected);
});

test('a file that ends the process as it is loaded is no blame of the files before it', async () => {
  const green = 'def test_it(): pass\n';
  const files = { 'test_a.py': green, 'test_b.py': green, 'test_leaves.py': 'import os\nos._exit(0)\n' };
  const run = running(await temporaryProject(files), aWarmWorker(), pytest, { env });
  const runs = await inOneDispatch(run, Object.keys(files));
  expect(runs.map(({ end, redAfter }) => [end.kind, redAfter])).toEqual([
    ['passed', undefined],
    ['passed', undefined],
    ['crashed', undefined],
  ]);
});

const writing = (name: string) => `
import os, pytest
@pytest.fixture(scope="module")
def base():
    yield "${name}"
@pytest.mark.parametrize("n", range(3))
def test_${name}(base, n):
    os.write(os.open("diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT), f"{os.getpid()} {os.environ['HOLDFAST_FILE']} {base}\\n".encode())
`;

test('of several that are asked for at once all run in one process, in their order, with names, output and times of their own', async () => {
  await expectInOneProcess(
    aWarmWorker(),
    pytest,
    { 'test_a.py': writing('a'), 'test_b.py': writing('b'), 'test_c.py': writing('c') },
    { env },
  );
});

const slow = (name: string, how = '') => `
import os, time
def note(what):
    os.write(os.open("diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT), f"{what} ${name}\\n".encode())
def test_it():
    note("begins")
    time.sleep(0.4)
    note("ends")
    ${how}
`;

test('of several that are asked for at once a red one runs by itself while no other does', async () => {
  await expectRedByItself(
    aWarmWorker(),
    pytest,
    { 'test_a.py': slow('a'), 'test_b.py': slow('b', 'assert False'), 'test_c.py': slow('c') },
    { env },
  );
});

test('what nobody wants any more ends at once', async () => {
  const waits =
    "import time, os\ndef test_it():\n    print(os.getpid())\n    open('pid', 'w').write(str(os.getpid()))\n    time.sleep(300)\n";
  const cwd = await temporaryProject({ 'test_a.py': 'def test_it():\n    pass\n', 'test_b.py': waits });
  const over = new AbortController();
  const run = running(cwd, aWarmWorker(), pytest, { env });
  const first = await run('test_a.py', { ahead: { files: ['test_b.py'], signal: over.signal } });
  expect(kindOf(first)).toBe('passed');
  const pid = await until(
    'the next one has begun',
    async () => Number(await readFile(join(cwd, 'pid'), 'utf8').catch(() => '')) || undefined,
  );
  over.abort();
  await until('its process is gone', async () => !(await isAlive(pid)));
});
