import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createOpenChannelProcess } from '../../../src/adapters/process/channel-process.js';
import { startGuard } from '../../../src/adapters/process/guard.js';
import type { RunOrder } from '../../../src/frameworks/pool/protocol.js';
import { Session } from '../../../src/frameworks/pool/session.js';

const CHANNEL = join(import.meta.dirname, '../../../src/frameworks/pool/in-process/channel.cjs');
/** Answers for each file by its name: `die` ends the session, `stop` is its last one, `other` is about another file first. */
const PROGRAM = `
const channel = require(${JSON.stringify(CHANNEL)}).openChannel();
channel.serve(Promise.resolve(), {
  async run({ files }) {
    for (const file of files) {
      console.log('runs ' + file);
      if (file === 'die') process.kill(process.pid, 'SIGKILL');
      if (file === 'cannot') return channel.send({ kind: 'cannot', reason: 'it is said so' });
      if (file === 'other') await channel.send({ kind: 'exited', file: 'another', exitCode: 0 });
      const isLast = file === 'stop';
      await channel.send({ kind: 'exited', file, exitCode: isLast ? 1 : 0, isLast });
      if (isLast) return;
    }
  },
  list: () => channel.send({ kind: 'listed', files: ['a', 'b'] }),
});
`;

const guard = startGuard();
const workFolder = await mkdtemp(join(tmpdir(), 'holdfast-session-'));
afterAll(async () => {
  await guard.close();
  await rm(workFolder, { recursive: true, force: true });
});

const aSession = () =>
  Session.start(
    createOpenChannelProcess(guard),
    { cwd: workFolder, spec: { name: 'mocha', args: [], cwd: '.', env: {} } as never, env: { PATH: process.env.PATH ?? '' } },
    async () => ({ argv: [process.execPath, '-e', PROGRAM] }),
    { workFolder, cacheFolder: workFolder },
  );
const order = (...files: string[]): RunOrder => ({ kind: 'run', files, env: {}, options: {} });
const limits = {
  timeoutMs: 20_000,
  killGraceMs: 500,
  lease: { signal: new AbortController().signal, expiresAtMs: Number.MAX_SAFE_INTEGER, onRenewal: () => () => undefined },
};

test('a session is idle, busy with a file, and idle again', async () => {
  const session = await aSession();
  expect([session.isIdle, session.hasBegun('a')]).toEqual([true, false]);
  const running = session.run('a', order('a'), limits);
  expect([session.isIdle, session.isAhead, session.hasBegun('a')]).toEqual([false, false, true]);
  expect(await running).toMatchObject({ isShared: false, goesOn: false, before: [], output: 'runs a\n' });
  expect(session.isIdle).toBe(true);
  await session.end();
  expect(session.isIdle).toBe(false);
});

test('it is ahead with the files of an order that nobody has waited for', async () => {
  const session = await aSession();
  expect(await session.run('a', order('a', 'b', 'c'), limits)).toMatchObject({ isShared: true, goesOn: true });
  expect([session.isAhead, session.isAheadWith('b'), session.isAheadWith('c'), session.isIdle]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  await expect(session.run('c', null, limits)).rejects.toThrow('No order for c.');
  expect(await session.run('b', null, limits)).toMatchObject({ isShared: true, goesOn: true, before: ['a'] });
  expect(await session.run('c', null, limits)).toMatchObject({ isShared: true, goesOn: false, before: ['a', 'b'] });
  expect(session.isIdle).toBe(true);
  await session.end();
});

test('after its last answer it is idle, whatever else was ordered', async () => {
  const session = await aSession();
  expect(await session.run('stop', order('stop', 'b'), limits)).toMatchObject({ isShared: true, goesOn: false });
  expect(session.isIdle).toBe(true);
  expect(await session.run('b', order('b', 'c'), limits)).toMatchObject({ waitedForCall: true });
  await session.end();
});

test('an answer about another file is passed over, one that concerns all files is not', async () => {
  const session = await aSession();
  expect((await session.run('other', order('other'), limits)).received).toMatchObject({ value: { file: 'other' } });
  expect((await session.run('cannot', order('cannot'), limits)).received).toMatchObject({ value: { reason: 'it is said so' } });
  await session.end();
});

test('it lists', async () => {
  const session = await aSession();
  expect(await session.list(limits)).toEqual(['a', 'b']);
  expect(session.isIdle).toBe(true);
  await session.end();
});

test('one that dies has ended', async () => {
  const session = await aSession();
  const turn = await session.run('die', order('die', 'b'), limits);
  expect(turn).toMatchObject({ received: { kind: 'signalled', signal: 'SIGKILL' }, goesOn: false, output: 'runs die\n' });
  expect([session.isIdle, session.isAhead]).toEqual([false, false]);
  await session.end();
});
