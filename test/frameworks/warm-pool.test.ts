import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, kindOf, running, type Wish } from '../support/run-warm.js';
import { until } from '../support/until.js';

// What holds for kept processes of any framework, seen with the one that starts fastest.

const saying = (body: string) => `it('does it', async () => { console.log('pid ' + process.pid); ${body} });\n`;
const GREEN = saying('');
/** Of a file that takes so long a start is no good part, however busy the machine. */
const A_DAY_MS = 86_400_000;
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);

test('what is written when no file runs is nobody’s: it stands before the next one, which says so', async () => {
  const worker = aWarmWorker();
  const late = `
    const { existsSync, writeFileSync } = require('node:fs');
    const look = setInterval(() => {
      if (!existsSync('a-has-ended')) return;
      clearInterval(look);
      console.log('too late');
      writeFileSync('written', '');
    }, 10);
    look.unref();`; // It keeps nothing open, so it is no leak.
  const cwd = await temporaryProject({ 'a.js': saying(late), 'b.js': GREEN, 'c.js': GREEN });
  const run = running(cwd, worker, mocha);
  const a = await run('a.js');
  await writeFile(join(cwd, 'a-has-ended'), '');
  await until('it is written', () => existsSync(join(cwd, 'written')));
  const [b, c] = [await run('b.js'), await run('c.js')];
  expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
  expect(a.output).not.toContain('too late');
  expect(b.output).toMatch(
    /^\[holdfast: the process wrote this before the file started\]\n.*too late\n.*and this since then\]\n.*pid/s,
  );
  expect(c.output).not.toMatch(/too late|holdfast:/);
});

test('a process that dies costs the file that killed it, and no other', async () => {
  const worker = aWarmWorker();
  const files = { 'a.js': GREEN, 'b.js': saying("process.kill(process.pid, 'SIGKILL');"), 'c.js': GREEN, 'd.js': GREEN };
  const run = running(await temporaryProject(files), worker, mocha);
  const [a, b, c, d] = [await run('a.js'), await run('b.js'), await run('c.js'), await run('d.js')];
  expect([a, b, c, d].map(kindOf)).toEqual(['passed', 'crashed', 'passed', 'passed']);
  expect(b).toMatchObject({ signal: 'SIGKILL' });
  expect(pidOf(c)).not.toBe(pidOf(a));
  expect(pidOf(d)).toBe(pidOf(c));
});

test('what is red after others and green by itself is told with those that ran before it', async () => {
  const worker = aWarmWorker();
  const files = {
    'shared.js': 'exports.count = 0;\n',
    'a.js': saying("require('./shared.js').count += 1;"),
    'b.js': saying("if (require('./shared.js').count > 0) throw new Error('somebody was here');"),
  };
  const run = running(await temporaryProject(files), worker, mocha);
  expect(kindOf(await run('a.js'))).toBe('passed');
  expect(await run('b.js')).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a.js'] });
});

test('auto keeps a process where starting one was seen to take a good part of what the file is expected to take', async () => {
  const worker = aWarmWorker();
  const run = running(await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN, 'c.js': GREEN, 'd.js': GREEN }), worker, mocha);
  const auto = (file: string, wish: Wish = {}) => run(file, { warm: 'auto', ...wish });
  const unknown = await auto('a.js', { estimateMs: 5 }); // Nobody has seen a start yet.
  const [kept, again] = [await auto('b.js', { estimateMs: 5 }), await auto('c.js', { estimateMs: 5 })];
  expect(pidOf(again)).toBe(pidOf(kept));
  expect(pidOf(kept)).not.toBe(pidOf(unknown));
  expect(pidOf(await auto('d.js', { estimateMs: A_DAY_MS }))).not.toBe(pidOf(kept));
});

test('with auto a file that was red after others runs alone from then on, and the next worker of the machine knows it', async () => {
  const worker = aWarmWorker();
  const cwd = await temporaryProject({
    'a.js': GREEN,
    'b.js': "it('counts', () => { require('./shared').n += 1; });",
    'c.js': "it('wants nobody before it', () => { if (require('./shared').n > 0) throw new Error('somebody was here'); });",
    'shared.js': 'exports.n = 0;',
  });
  const auto = (file: string, by = worker) => running(cwd, by, mocha)(file, { warm: 'auto', estimateMs: 5 });
  for (const file of ['a.js', 'b.js']) await auto(file);
  expect(await auto('c.js')).toMatchObject({ end: { kind: 'passed' }, redAfter: ['b.js'] });
  for (const by of [worker, aWarmWorker({ after: worker })]) {
    await auto('b.js', by);
    const again = await auto('c.js', by);
    expect([again.end.kind, again.redAfter]).toEqual(['passed', undefined]);
  }
});

test('what a start takes is known to the next worker of the machine, if it paid to keep a process', async () => {
  const first = aWarmWorker();
  const cwd = await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN });
  const pids = async (worker: typeof first, estimateMs: number) => {
    const run = running(cwd, worker, mocha);
    return [pidOf(await run('a.js', { warm: 'auto', estimateMs })), pidOf(await run('b.js', { warm: 'auto', estimateMs }))];
  };
  for (const each of [await pids(first, A_DAY_MS), await pids(aWarmWorker({ after: first }), 5)])
    expect(new Set(each).size).toBe(2);
  expect(new Set(await pids(aWarmWorker({ after: first }), 5)).size).toBe(1);
  expect(new Set(await pids(aWarmWorker({ after: first }), A_DAY_MS)).size).toBe(2);
});

test('another run has processes of its own: what they had loaded may have changed', async () => {
  const worker = aWarmWorker();
  const cwd = await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN });
  const run = running(cwd, worker, mocha);
  const [first, same, other] = [await run('a.js'), await run('b.js'), await run('b.js', { runId: 'two' })];
  expect(pidOf(same)).toBe(pidOf(first));
  expect(pidOf(other)).not.toBe(pidOf(first));
});

test('a file is never run twice in one process', async () => {
  const worker = aWarmWorker();
  const run = running(await temporaryProject({ 'a.mjs': GREEN }), worker, mocha);
  const [first, second] = [await run('a.mjs'), await run('a.mjs')];
  expect([first, second].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(second)).not.toBe(pidOf(first));
});

test('at the timeout the process is ended, and what runs next has another one', async () => {
  const worker = aWarmWorker();
  const files = {
    'a.js': GREEN,
    'b.js': saying('await new Promise(() => setInterval(() => {}, 1000));'),
    'c.js': GREEN,
    '.mocharc.json': '{"timeout":0}',
  };
  const run = running(await temporaryProject(files), worker, mocha);
  const before = await run('a.js'); // The start of the process is no part of what the timeout is for.
  const late = await run('b.js', { timeoutMs: 5_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: 5_000 });
  expect(late.durationMs).toBeLessThan(60_000);
  expect(pidOf(late)).toBe(pidOf(before));
  expect(await isAlive(pidOf(late))).toBe(false);
  const next = await run('c.js');
  expect(kindOf(next)).toBe('passed');
  expect(pidOf(next)).not.toBe(pidOf(late));
});

test('the process ends with its lease', async () => {
  const worker = aWarmWorker();
  const waits = saying("require('node:fs').writeFileSync('begun', ''); await new Promise((done) => setTimeout(done, 600_000));");
  const files = { 'a.js': waits, '.mocharc.json': '{"timeout":0}' };
  const cwd = await temporaryProject(files);
  const stop = new AbortController();
  const end = running(cwd, worker, mocha)('a.js', { signal: stop.signal });
  await until('it has begun', () => existsSync(join(cwd, 'begun')));
  stop.abort();
  const ended = await end;
  expect(kindOf(ended)).toBe('aborted');
  expect(await isAlive(pidOf(ended))).toBe(false);
});
