import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, expectSame, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { NODE } from './expected/node-test.js';

const fixtures = join(import.meta.dirname, '../fixtures/node-test');
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);
const says = (body: string) =>
  `const { test } = require('node:test');\ntest('it', async () => { console.log('pid ' + process.ppid); ${body} });\n`;

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker();
  const run = running(fixtures, worker, nodeTest);
  for (const expected of NODE) {
    const result = await run(expected.file);
    expectSame(result, expected);
  }
});

test('nothing of a file is left when the next one begins, and it is the main module of its process', async () => {
  const worker = aWarmWorker();
  const file = (name: string) =>
    says(`
const assert = require('node:assert');
assert.equal(require.main, module);
assert.deepEqual(process.argv.slice(1), [__filename]);
assert.equal(require('node:path').basename(__filename), '${name}');
assert.deepEqual([process.env.LEFT, globalThis.left, process.cwd()], [undefined, undefined, __dirname]);
process.env.LEFT = '1'; globalThis.left = 1; process.chdir('/'); setInterval(() => {}, 1000).unref();
const child = require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
child.unref();
console.log('child ' + child.pid + ' attempt ' + process.env.HOLDFAST_ATTEMPT);`);
  const run = running(
    await temporaryProject({ 'a.test.js': file('a.test.js'), 'b.test.js': file('b.test.js') }),
    worker,
    nodeTest,
  );
  const ran = [await run('a.test.js'), await run('b.test.js', { attempt: 2 }), await run('a.test.js', { attempt: 3 })];
  expect(ran.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set(ran.map(pidOf)).size).toBe(1);
  const found = ran.map(({ output }) => /child (\d+) attempt (\d)/.exec(output) ?? []);
  expect(found.map(([, , attempt]) => attempt)).toEqual(['1', '2', '3']);
  for (const [, child] of found) await until('what it left over is gone', async () => !(await isAlive(Number(child))));
});

test('modules of both kinds, and what the command line loads before them', async () => {
  const worker = aWarmWorker();
  const files = {
    'load.mjs': "globalThis.loaded = 'before'; process.on('exit', () => console.log('hook is here'));\n",
    'a.test.mjs':
      "import { test } from 'node:test'; import assert from 'node:assert'; test('x', () => assert.equal(loaded, 'before'));\n",
    'b.test.cjs': says("require('node:assert').equal(loaded, 'before');"),
  };
  const run = running(await temporaryProject(files), worker, nodeTest, { args: ['--import', './load.mjs'] });
  const ran = [await run('a.test.mjs'), await run('b.test.cjs')];
  expect(ran.map(kindOf)).toEqual(['passed', 'passed']);
  expect(ran.map(({ output }) => output.split('hook is here').length - 1)).toEqual([1, 1]);
});

test('a file that kills what keeps it costs itself alone, and is told as by itself', async () => {
  const worker = aWarmWorker();
  const files = {
    'a.test.js': says(''),
    'b.test.js': says("process.kill(process.ppid, 'SIGKILL'); await new Promise((done) => setTimeout(done, 300));"),
    'c.test.js': says(''),
  };
  const run = running(await temporaryProject(files), worker, nodeTest);
  const [a, b, c] = [await run('a.test.js'), await run('b.test.js'), await run('c.test.js')];
  expect([a, c].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(c)).not.toBe(pidOf(a));
  expect(shape(b)).toEqual(shape(await running(await temporaryProject(files), cold, nodeTest)('b.test.js')));
});

test('at the timeout the process of the file ends, too', async () => {
  const worker = aWarmWorker();
  const files = {
    'a.test.js': says(''),
    'b.test.js': says("console.log('own ' + process.pid); await new Promise((done) => setTimeout(done, 600_000));"),
  };
  const run = running(await temporaryProject(files), worker, nodeTest);
  await run('a.test.js'); // The start of what keeps them is no part of what the timeout is for.
  const late = await run('b.test.js', { timeoutMs: 4_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut', timeoutMs: 4_000 });
  await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
});

test('a flag for all files together is said once', async () => {
  const worker = aWarmWorker();
  const files = { 'a.test.js': says(''), 'b.test.js': says('') };
  const run = running(await temporaryProject(files), worker, nodeTest, { args: ['--test-timeout=60000'] });
  expect([await run('a.test.js'), await run('b.test.js')].map(kindOf)).toEqual(['passed', 'passed']);
  expect(worker.log).toEqual([expect.stringContaining('node is given --test-timeout=60000, which applies to the whole run')]);
});
