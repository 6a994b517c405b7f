import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jest } from '../../src/frameworks/jest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { expectInOneProcess, expectRedByItself } from '../support/in-one-process.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, coldOnce, expectSame, inOneDispatch, kindOf, running } from '../support/run-warm.js';
import { JEST } from './expected/jest.js';

const fixtures = join(import.meta.dirname, '../fixtures/jest');
const JEST_CONFIG = 'module.exports = { watchman: false };';
const saying = (body: string) => `it('does it', async () => { console.log('pid ' + process.pid); ${body} });\n`;
const GREEN = saying('');
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);
const project = (files: Readonly<Record<string, string>>) => temporaryProject({ 'jest.config.js': JEST_CONFIG, ...files });

/** What is red in a session runs alone next, and has the same result whichever session it was. */
const alone = coldOnce();

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker({ alone });
  const run = running(fixtures, worker, jest);
  for (const expected of JEST) {
    const result = await run(expected.file);
    expectSame(result, expected);
  }
});

test('file after file in one process, each with variables, output and globals of its own', async () => {
  const worker = aWarmWorker();
  const body =
    "console.log('attempt ' + process.env.HOLDFAST_ATTEMPT); expect(globalThis.left).toBe(undefined); globalThis.left = 1;";
  const files = { 'a.test.js': saying(body), 'b.test.js': saying(body), 'c.test.js': GREEN };
  const run = running(await project(files), worker, jest);
  const [a, b, c] = [await run('a.test.js'), await run('b.test.js', { attempt: 2 }), await run('c.test.js')];
  expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
  expect(a.output).toContain('attempt 1');
  expect(b.output).toContain('attempt 2');
  expect(c.output).not.toContain('attempt');
  expect(worker.log).toEqual([]);
});

test('some of its cases', async () => {
  const worker = aWarmWorker();
  const files = { 'a.test.js': "test('one', () => {});\ntest('two', () => {});\n" };
  const run = running(await project(files), worker, jest);
  const only = await run('a.test.js', { selection: { kind: 'only', names: [['two']] } });
  expect('cases' in only.end && only.end.cases.map(({ name }) => name)).toEqual([['two']]);
  const except = await run('a.test.js', { selection: { kind: 'except', names: [['two']] } });
  expect('cases' in except.end && except.end.cases.map(({ name }) => name)).toEqual([['one']]);
});

test('what a file leaves behind stays in the process, as in the workers of jest, and the next file is in its own folder', async () => {
  const worker = aWarmWorker();
  const leaving = `
setInterval(() => {}, 1000);
require('node:http').createServer().listen(0);
new MessageChannel().port1.on('message', () => {});
process.exitCode = 5;
process.chdir('/');
`;
  const names = ['a.test.js', 'b.test.js', 'c.test.js'];
  const files = {
    'a.test.js': saying(leaving),
    'b.test.js': saying(leaving),
    'c.test.js': saying("console.log('in ' + process.cwd())"),
  };
  const cwd = await project(files);
  const runs = await inOneDispatch(running(cwd, worker, jest), names);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set(runs.map(pidOf)).size).toBe(1);
  expect(runs[2]?.output).toContain(`in ${cwd}\n`);
  expect(worker.log).toEqual([]);
});

test('a file sees its process as it does by itself', async () => {
  const body = "console.log('sees ' + JSON.stringify([process.argv, process.execArgv, process.env.JEST_WORKER_ID]) + '.');";
  const cwd = await project({ 'a.test.js': saying(body) });
  const seenBy = async (worker: Parameters<typeof running>[1]) => {
    const { output } = await running(cwd, worker, jest, { env: { HOLDFAST_SLOT: '2' } })('a.test.js');
    return /sees (.*)\./.exec(output)?.[1];
  };
  const seen = await seenBy(aWarmWorker());
  expect(seen).toMatch(/processChild\.js.*"2"/);
  expect(seen).toBe(await seenBy(cold));
});

test('a failure that no JSON can hold has the result that it has by itself', async () => {
  const throwing =
    "test('one', () => { const error = new Error('x'); error.self = error; error.big = 1n; throw error; });\ntest('two', () => {});";
  const run = running(await project({ 'a.test.js': throwing }), aWarmWorker(), jest);
  const { end } = await run('a.test.js');
  expect(end).toMatchObject({
    kind: 'failed',
    cases: [
      { name: ['one'], status: 'failed' },
      { name: ['two'], status: 'passed' },
    ],
  });
});

test('no promise of a file carries the asynchronous storages of the files before it', async () => {
  const worker = aWarmWorker();
  const body = `
const { AsyncLocalStorage, executionAsyncResource } = require('node:async_hooks');
test('it carries as many as a file by itself', async () => {
  await new AsyncLocalStorage().run(1, async () => {
    await null;
    console.log('carries ' + Object.getOwnPropertySymbols(executionAsyncResource()).length + '.');
  });
});
`;
  const names = ['a.test.js', 'b.test.js', 'c.test.js'];
  const run = running(await project(Object.fromEntries(names.map((name) => [name, body]))), worker, jest);
  const runs = await inOneDispatch(run, names);
  const carried = runs.map(({ output }) => /carries \d+\./.exec(output)?.[0]);
  expect(carried[0]).toBeDefined();
  expect(new Set(carried).size).toBe(1);
});

test('coverage that is configured keeps no file from a session', async () => {
  const worker = aWarmWorker();
  const config = 'module.exports = { watchman: false, collectCoverage: true, coverageThreshold: { global: { lines: 100 } } };';
  const run = running(await project({ 'jest.config.js': config, 'a.test.js': GREEN, 'b.test.js': GREEN }), worker, jest);
  const [a, b] = [await run('a.test.js'), await run('b.test.js')];
  expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(b)).toBe(pidOf(a));
});

test('global setup runs once in a session, and its teardown at the end', async () => {
  const worker = aWarmWorker();
  const noting = (what: string) =>
    `module.exports = async () => { process.env.UP = 'yes'; require('node:fs').appendFileSync('log', '${what}\\n'); };`;
  const files = {
    'jest.config.js': "module.exports = { watchman: false, globalSetup: './up.js', globalTeardown: './down.js' };",
    'up.js': noting('up'),
    'down.js': noting('down'),
    'a.test.js': saying("expect(process.env.UP).toBe('yes');"),
    'b.test.js': saying("expect(process.env.UP).toBe('yes');"),
  };
  const cwd = await project(files);
  const run = running(cwd, worker, jest);
  expect([kindOf(await run('a.test.js')), kindOf(await run('b.test.js'))]).toEqual(['passed', 'passed']);
  const log = async () => (await readFile(join(cwd, 'log'), 'utf8')).trim().split('\n');
  expect(await log()).toEqual(['up']);
  await worker.close();
  expect(await log()).toEqual(['up', 'down']);
});

test('a configuration with detectOpenHandles needs a process for each file, which is said once', async () => {
  const worker = aWarmWorker();
  const files = {
    'jest.config.js': 'module.exports = { watchman: false, detectOpenHandles: true };',
    'a.test.js': GREEN,
    'b.test.js': GREEN,
  };
  const run = running(await project(files), worker, jest);
  expect([kindOf(await run('a.test.js')), kindOf(await run('b.test.js'))]).toEqual(['passed', 'passed']);
  expect(worker.log).toEqual([expect.stringMatching(/detectOpenHandles is configured/)]);
});

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const files = JEST.map(({ file }) => file);
  const results = await inOneDispatch(running(fixtures, aWarmWorker({ alone }), jest), files);
  for (const [index, expected] of JEST.entries()) expectSame(results[index] as FileRun, expected);
});

const writing = (name: string) => `
const { appendFileSync } = require('node:fs');
for (const n of [1, 2, 3]) it('${name} ' + n, () => { console.log('in ${name}'); appendFileSync('diary', process.pid + ' ' + process.env.HOLDFAST_FILE + ' ${name}\\n'); });
`;

test('of several that are asked for at once all run in one process, in their order, with names, output and times of their own', async () => {
  await expectInOneProcess(aWarmWorker(), jest, {
    'jest.config.js': JEST_CONFIG,
    'a.test.js': writing('a'),
    'b.test.js': writing('b'),
    'c.test.js': writing('c'),
  });
});

const slow = (name: string, how = '') => `
const { appendFileSync } = require('node:fs');
const note = (what) => appendFileSync('diary', what + ' ${name}\\n');
it('runs', () => { note('begins'); return new Promise((resolve) => setTimeout(resolve, 400)).then(() => { note('ends'); ${how} }); });
`;

test('of several that are asked for at once a red one runs by itself while no other does', async () => {
  await expectRedByItself(aWarmWorker(), jest, {
    'jest.config.js': JEST_CONFIG,
    'a.test.js': slow('a'),
    'b.test.js': slow('b', "throw new Error('always');"),
    'c.test.js': slow('c'),
  });
});
