import { expect, test } from 'vitest';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, inOneDispatch, kindOf, running } from '../support/run-warm.js';

const env = { VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' };

const FILES = {
  'test_says.py': 'def test_a(): pass\n',
  'test_thread.py': 'import threading\ndef test_a(): threading.Thread(target=threading.Event().wait, name="poller").start()\n',
  'test_at_exit.py': 'import atexit, time\ndef hold(): time.sleep(600)\ndef test_a(): atexit.register(hold)\n',
  'test_child.py':
    'import multiprocessing, time\ndef test_a(): multiprocessing.Process(target=time.sleep, args=(600,)).start()\n',
  'test_red.py':
    'import threading\ndef test_a():\n    threading.Thread(target=threading.Event().wait, name="poller").start()\n    assert 0\n',
  'test_soon.py': 'import threading, time\ndef test_a(): threading.Thread(target=time.sleep, args=(0.3,)).start()\n',
  'test_late.py': 'import atexit, os, time\ndef test_a(): atexit.register(lambda: os._exit(7))\n',
};
const EXPECTED = {
  'test_thread.py': ['passed', 0, ['thread poller']],
  'test_at_exit.py': ['passed', 0, [expect.stringMatching(/^function at exit hold \(.*test_at_exit\.py:2\)$/)]],
  'test_child.py': ['passed', 0, ['process Process-1']],
  'test_red.py': ['failed', 1, ['thread poller']],
  'test_soon.py': ['passed', 0, undefined],
  'test_late.py': ['failed', 7, undefined],
};

test.each([
  ['in a process of its own', cold],
  ['in a session', aWarmWorker()],
])('what a file leaves open has a name, and its cases the verdict, %s', async (_, worker) => {
  const run = running(await temporaryProject(FILES), worker, pytest, { env });
  for (const [file, expected] of Object.entries(EXPECTED)) {
    const { end, exitCode, durationMs } = await run(file);
    expect([file, end.kind, exitCode, 'stayedOpen' in end ? end.stayedOpen : undefined]).toEqual([file, ...expected]);
    expect(durationMs).toBeLessThan(60_000);
  }
});

test('with others in a session, what a file leaves open holds up nobody, and from then on the file has a process of its own', async () => {
  const run = running(await temporaryProject(FILES), aWarmWorker(), pytest, {
    env: { ...env, PYTHONUNBUFFERED: '1' },
    args: ['-s'],
  });
  const files = ['test_says.py', 'test_thread.py', 'test_child.py', 'test_soon.py'];
  const openOf = ({ end }: FileRun) => ('stayedOpen' in end ? end.stayedOpen : undefined);
  for (const time of ['first', 'second']) {
    const runs = await inOneDispatch(run, files);
    expect([time, ...runs.map(kindOf)]).toEqual([time, 'passed', 'passed', 'passed', 'passed']);
    expect(runs.map(openOf)).toEqual([undefined, ['thread poller'], ['process Process-1'], undefined]);
    expect(runs.map(({ redAfter }) => redAfter)).toEqual(files.map(() => undefined));
  }
});
