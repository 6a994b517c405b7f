import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createOpenChannelProcess } from '../../src/adapters/process/channel-process.js';
import { startGuard } from '../../src/adapters/process/guard.js';

const guard = startGuard();
const folder = await mkdtemp(join(tmpdir(), 'holdfast-channel-'));
afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (script: string, program = 'sh') =>
  createOpenChannelProcess(guard)({
    argv: [program, '-c', script],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    stdoutPath: join(folder, 'output.log'),
  });
const limits = (timeoutMs = 20_000, signal = new AbortController().signal) => ({
  timeoutMs,
  killGraceMs: 200,
  lease: { signal, expiresAtMs: Number.MAX_SAFE_INTEGER, onRenewal: () => () => undefined },
});
const ECHO = 'while read -r line <&3; do echo "noise" >&3; echo "got $line" >&3; echo "more" >&3; done';
const got = (line: string) => (line.startsWith('got') ? line : null);

test('a line is answered by the first line in which something is found', async () => {
  const one = await open(ECHO);
  expect(await one.exchange('a', got, limits())).toMatchObject({ kind: 'received', value: 'got a' });
  expect(await one.exchange(null, (line) => line, limits())).toMatchObject({ value: 'more' });
  expect(await one.exchange('b', got, limits())).toMatchObject({ value: 'got b' });
  expect(one.isUp).toBe(true);
  await one.close();
  expect(one.isUp).toBe(false);
});

test('how it ends without an answer is told', async () => {
  expect(await (await open('exit 3')).exchange(null, got, limits())).toMatchObject({ kind: 'exited', exitCode: 3 });
  expect(await (await open('kill -9 $$')).exchange(null, got, limits())).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  expect(await (await open('', './nowhere')).exchange('a', got, limits())).toMatchObject({
    kind: 'notStarted',
    reason: expect.stringContaining('./nowhere could not be started'),
  });
});

test('past its timeout it is ended, with what it has not read', async () => {
  const one = await open('sleep 300');
  expect(await one.exchange('a', got, limits(200))).toMatchObject({ kind: 'timedOut', timeoutMs: 200 });
  expect(one.isUp).toBe(false);
});

test('with its lease it is ended, and nothing is sent without one', async () => {
  const one = await open(ECHO);
  const stop = new AbortController();
  const waiting = one.exchange(null, got, limits(20_000, stop.signal));
  stop.abort();
  expect(await waiting).toMatchObject({ kind: 'aborted' });
  expect(await one.exchange('a', got, limits(20_000, stop.signal))).toMatchObject({ kind: 'aborted' });
});
