import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Guard } from '../../src/adapters/process/guard.js';
import { createRunProcess } from '../../src/adapters/process/run-process.js';
import { isAlive } from '../support/processes.js';

let folder: string;
const guarded = new Set<number>();
const guard: Guard = {
  cookie: 'cookie',
  niceness: 0,
  mark: () => `cookie.${guarded.size}`,
  failed: new Promise(() => undefined),
  add: (group) => void guarded.add(group),
  async release(group) {
    guarded.delete(group);
    return 'released';
  },
  close: async () => undefined,
};
const run = createRunProcess(guard);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-process-'));
});
afterEach(async () => {
  expect(guarded).toEqual(new Set());
  await rm(folder, { recursive: true, force: true });
});

const sh = (script: string, cwd = folder) => {
  const output = path.join(folder, 'output.log');
  return {
    argv: ['sh', '-c', script] as const,
    cwd,
    env: { PATH: process.env.PATH ?? '' },
    stdoutPath: output,
    stderrPath: output,
  };
};
const limits = (timeoutMs: number | null = null, signal = new AbortController().signal) => ({
  timeoutMs,
  killGraceMs: 200,
  lease: { signal, expiresAtMs: Number.POSITIVE_INFINITY, onRenewal: () => () => undefined },
});
const output = () => readFile(path.join(folder, 'output.log'), 'utf8');
/** A zombie is dead: it only waits for its parent to notice. */
test('an exit code and both streams come back in their order', async () => {
  expect(await run(sh('echo one; echo two >&2; echo three; exit 3'), limits())).toMatchObject({ kind: 'exited', exitCode: 3 });
  expect(await output()).toBe('one\ntwo\nthree\n');
});

test.each([0, 7])('what is started under a guard has the niceness of that guard: %d more', async (niceness) => {
  const own = getPriority();
  const running = createRunProcess({ ...guard, niceness: niceness && own + niceness });
  const script = `until [ "$(nice)" = ${own + niceness} ]; do sleep 0.01; done`;
  expect(await running(sh(script), limits(20_000))).toMatchObject({ kind: 'exited', exitCode: 0 });
});

test('a signal is named', async () => {
  expect(await run(sh('kill -9 $$'), limits())).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
});

test('only the environment handed in reaches the process', async () => {
  await run({ ...sh('env | sort'), env: { PATH: process.env.PATH ?? '', ONLY: 'this' } }, limits());
  expect(await output()).not.toContain('HOME=');
  expect(await output()).toContain('ONLY=this');
});

test.each([
  ['a missing program', { argv: ['no-such-program'] as const }],
  ['a missing folder', { cwd: '/no/such/folder' }],
])('%s is told, not thrown', async (_, change) => {
  expect(await run({ ...sh('true'), ...change }, limits())).toMatchObject({
    kind: 'notStarted',
    reason: expect.stringContaining('ENOENT'),
  });
});

test('at the timeout the process may still speak', async () => {
  const end = await run(sh('trap "echo flushed; exit 1" TERM; echo started; while :; do sleep 0.05; done'), limits(300));
  expect(end).toMatchObject({ kind: 'timedOut', endedBy: 'SIGTERM' });
  expect(await output()).toContain('flushed');
});

test('a process that ignores SIGTERM is killed at the end of its grace period with all it forked', async () => {
  const end = await run(sh('trap "" TERM; (trap "" TERM; sleep 60) & echo "child $!"; sleep 60'), limits(300));
  expect(end).toMatchObject({ kind: 'timedOut', endedBy: 'SIGKILL' });
  expect(await isAlive(Number(/child (\d+)/.exec(await output())?.[1]))).toBe(false);
});

test('an abort kills the whole group at once', async () => {
  const stop = new AbortController();
  const running = run(sh('sleep 60 & echo "child $!"; wait'), limits(null, stop.signal));
  await expect.poll(() => output().catch(() => '')).toMatch(/child \d+/);
  stop.abort();
  expect(await running).toMatchObject({ kind: 'aborted' });
  expect(await isAlive(Number(/child (\d+)/.exec(await output())?.[1]))).toBe(false);
});

test('a grandchild that outlives its leader is not waited for, and does not stay', async () => {
  const end = await run(sh('sleep 60 & echo "child $!"; exit 0'), limits());
  expect(end).toMatchObject({ kind: 'exited', exitCode: 0 });
  await expect.poll(async () => isAlive(Number(/child (\d+)/.exec(await output())?.[1]))).toBe(false);
});
