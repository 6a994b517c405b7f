import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { expectInOneProcess, expectRedByItself } from '../support/in-one-process.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, coldOnce, expectSame, inOneDispatch, kindOf, running } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { MOCHA } from './expected/mocha.js';

const fixtures = join(import.meta.dirname, '../fixtures/mocha');
const saying = (body: string) => `it('does it', async () => { console.log('pid ' + process.pid); ${body} });\n`;
const GREEN = saying('');
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);

/** What is red in a session runs alone next, and has the same result whichever session it was. */
const alone = coldOnce();

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker({ alone });
  const run = running(fixtures, worker, mocha);
  for (const expected of MOCHA) {
    const result = await run(expected.file);
    expectSame(result, expected);
    expect(result.redAfter).toBeUndefined();
  }
});

test('file after file in one process, with variables and output of its own', async () => {
  const worker = aWarmWorker();
  const seen = "console.log('attempt ' + process.env.HOLDFAST_ATTEMPT);";
  const run = running(await temporaryProject({ 'a.js': saying(seen), 'b.js': saying(seen), 'c.js': GREEN }), worker, mocha);
  const [a, b, c] = [await run('a.js'), await run('b.js', { attempt: 2 }), await run('c.js')];
  expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
  expect(a.output).toContain('attempt 1');
  expect(b.output).toContain('attempt 2');
  expect(b.output).not.toContain('attempt 1');
  expect(c.output).not.toContain('attempt');
  expect(a.cpuMs).toBeGreaterThanOrEqual(0);
  expect(worker.log).toEqual([]);
});

describe('what leaves something behind is named, and the next file has a new process', () => {
  test.each([
    ["process.chdir('/');", /the working folder is \//],
    ["process.env.LEFT = '1';", /the environment has changed/],
    ['globalThis.left = 1;', /new globals: left/],
  ])('%s', async (body, words) => {
    const worker = aWarmWorker();
    const run = running(await temporaryProject({ 'a.js': GREEN, 'b.js': saying(body), 'c.js': GREEN }), worker, mocha);
    const [a, b, c] = [await run('a.js'), await run('b.js'), await run('c.js')];
    expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
    expect(pidOf(b)).toBe(pidOf(a));
    expect(pidOf(c)).not.toBe(pidOf(b));
    expect(worker.log).toEqual([expect.stringMatching(words)]);
    expect(worker.log[0]).toContain('b.js');
    await until('the process that is left over is gone', async () => !(await isAlive(pidOf(b))));
  });
});

describe('what leaves something open runs alone, and from then on at once', () => {
  test.each([
    ['setInterval(() => {}, 1000);', /still open: .*Timeout/],
    ["await new Promise((done) => require('node:net').createServer().listen(0, done));", /still open: .*TCPServerWrap/],
    ["require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });", /still open: .*ProcessWrap/],
    ["process.on('exit', () => {});", /still open: a listener for exit/],
  ])('%s', async (body, words) => {
    const worker = aWarmWorker();
    const env = { HOLDFAST_OPEN_GRACE_MS: '200' };
    const files = { 'a.js': GREEN, 'b.js': saying(body), 'c.js': GREEN, 'd.js': GREEN };
    const run = running(await temporaryProject(files), worker, mocha, { env });
    const [a, b, c] = [await run('a.js'), await run('b.js'), await run('c.js')];
    const [again, [d, next]] = [await run('b.js'), await inOneDispatch(run, ['d.js', 'b.js'])];
    expect([a, b, c, again, d, next].map((one) => one && kindOf(one))).toEqual(Array(6).fill('passed'));
    expect(pidOf(c)).not.toBe(pidOf(a));
    expect(d && pidOf(d)).toBe(pidOf(c));
    expect(new Set([a, b, c, again, next].map((one) => one && pidOf(one))).size).toBe(5);
    expect(worker.log).toEqual([expect.stringMatching(words)]);
    expect(worker.log[0]).toContain('b.js');
    await until('the process that is left over is gone', async () => !(await isAlive(pidOf(b))));
  });
});

test('a file at which mocha itself breaks off ends as by itself', async () => {
  const worker = aWarmWorker();
  const odd = "it('is odd', () => { throw Object.assign(new Error('odd'), { stack: 5 }); });"; // The reporter of mocha fails at it.
  const run = running(await temporaryProject({ 'a.js': GREEN, 'b.js': odd, 'c.js': GREEN }), worker, mocha);
  const ended = [await run('a.js'), await run('b.js'), await run('c.js')];
  expect(ended.map(kindOf)).toEqual(['passed', 'crashed', 'passed']);
  expect(ended[1]).toMatchObject({ end: { cases: [{ name: ['is odd'], status: 'failed', message: 'odd' }] } });
});

test('a configuration that needs a process for each file is said once', async () => {
  const worker = aWarmWorker();
  const files = { 'a.js': GREEN, 'b.js': GREEN, '.mocharc.json': '{"node-option":["stack-size=900"]}' };
  const run = running(await temporaryProject(files), worker, mocha);
  expect([kindOf(await run('a.js')), kindOf(await run('b.js'))]).toEqual(['passed', 'passed']);
  expect(worker.log).toEqual([expect.stringContaining('a process of its own: mocha is configured with')]);
});

test('a test that writes to the channel, closes it, or prints without end changes nothing', async () => {
  const worker = aWarmWorker();
  const files = {
    'a.js': saying("try { require('node:fs').writeSync(3, 'nonsense\\n{}\\n'); } catch {}"),
    'b.js': saying("try { require('node:fs').closeSync(3); } catch {}"),
    'c.js': saying("process.stdout.write('x'.repeat(20 * 1024 * 1024));"),
    'd.js': GREEN,
  };
  const cwd = await temporaryProject(files);
  const [byItself, run] = [running(cwd, cold, mocha), running(cwd, worker, mocha)];
  for (const file of Object.keys(files))
    expect({ file, kind: kindOf(await run(file)) }).toEqual({ file, kind: kindOf(await byItself(file)) });
  const { output } = await run('c.js');
  expect(output.length).toBeLessThan(9 * 1_024 * 1_024);
  expect(output).toContain('bytes of output left out here');
});

test('set-up files and root hooks of the project are heeded for each file', async () => {
  const worker = aWarmWorker();
  const files = {
    '.mocharc.json': '{"require":["./hooks.js"],"file":["./setup.js"]}',
    'hooks.js': "exports.mochaHooks = { beforeEach() { console.log('hook'); } };\n",
    'setup.js': "before(() => console.log('set up'));\n",
    'a.js': GREEN,
    'b.js': GREEN,
  };
  const run = running(await temporaryProject(files), worker, mocha);
  const [a, b] = [await run('a.js'), await run('b.js')];
  expect(pidOf(b)).toBe(pidOf(a));
  for (const { output } of [a, b]) {
    expect(output.match(/hook/g)).toHaveLength(1);
    expect(output.match(/set up/g)).toHaveLength(1);
  }
});

test('the report of a file is complete when its answer comes', async () => {
  const worker = aWarmWorker();
  const cases = Array.from({ length: 500 }, (_, n) => `it('case ${n}', () => {});`).join('\n');
  const run = running(await temporaryProject({ 'a.js': cases }), worker, mocha);
  const { end } = await run('a.js');
  expect('cases' in end ? end.cases : []).toHaveLength(500);
});

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const files = MOCHA.map(({ file }) => file);
  const results = await inOneDispatch(running(fixtures, aWarmWorker({ alone }), mocha), files);
  for (const [index, expected] of MOCHA.entries()) expectSame(results[index] as FileRun, expected);
});

const writing = (name: string) => `
const { appendFileSync } = require('node:fs');
for (const n of [1, 2, 3]) it('${name} ' + n, () => { console.log('in ${name}'); appendFileSync('diary', process.pid + ' ' + process.env.HOLDFAST_FILE + ' ${name}\\n'); });
`;

test('of several that are asked for at once all run in one process, in their order, with names, output and times of their own', async () => {
  await expectInOneProcess(aWarmWorker(), mocha, { 'a.js': writing('a'), 'b.js': writing('b'), 'c.js': writing('c') });
});

const slow = (name: string, how = '') => `
const { appendFileSync } = require('node:fs');
const note = (what) => appendFileSync('diary', what + ' ${name}\\n');
it('runs', () => { note('begins'); return new Promise((resolve) => setTimeout(resolve, 400)).then(() => { note('ends'); ${how} }); });
`;

test('of several that are asked for at once a red one runs by itself while no other does', async () => {
  await expectRedByItself(aWarmWorker(), mocha, {
    'a.js': slow('a'),
    'b.js': slow('b', "throw new Error('always');"),
    'c.js': slow('c'),
  });
});
