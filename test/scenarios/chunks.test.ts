import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { type CliProcess, runCli, startCli } from '../support/cli.js';
import { aRunningProject, withClient, workersOf } from '../support/cluster.js';
import { areShort } from '../support/durations.js';
import { isAlive } from '../support/processes.js';
import { checkReport, fileOf, runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject({ slots: 1 });
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));

const suite = {
  framework: 'mocha',
  include: ['*.js'],
  command: undefined,
  warm: 'on',
  order: 'path',
  heartbeatTimeoutMs: 2_000,
};
const MOCHARC = { '.mocharc.json': '{"spec":"*.js","timeout":0}' };
/** Writes down who runs it, then does this. */
const spec = (body: string) => `
const { appendFileSync, existsSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');
const NAME = __filename.split('/').pop();
it('does it', async () => { appendFileSync('diary', NAME + ' ' + process.pid + ' ' + process.env.HOLDFAST_FILE + '\\n'); ${body} });`;
const GREEN = spec('');
const WAITS = spec("while (!existsSync('gate')) await delay(20);");

/** A suite of which every file is known to be short. */
async function addShort(name: string, files: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}) {
  await project.addSuite(name, { ...files, ...MOCHARC }, { ...suite, ...more });
  await areShort(project, name, Object.keys(files));
}

const start = (name: string): CliProcess =>
  startCli(['run', '--suite', name, '--reporter', 'ci', '--reporter', `json=${name}.json`], { cwd: project.root });
const reportOf = async (name: string) => checkReport(await project.read(`${name}.json`));
const startsOf = async (name: string, file: string) =>
  (await project.lines(`${name}/diary`)).filter((line) => line.startsWith(`${file} `)).map((line) => Number(line.split(' ')[1]));
const begun = (name: string, file: string, times = 1) =>
  until(`${file} of ${name} has begun`, async () => {
    const starts = await startsOf(name, file);
    return starts.length < times ? undefined : starts.at(-1);
  });

/** Until the server knows that this file runs, and what came of those before it. */
const told = (name: string, file: string) =>
  withClient(project, (client) =>
    until(`the server knows that ${file} runs`, async () => {
      for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
        if (!workflowId.startsWith(`suite/${name}/`)) continue;
        const { raw } = await client.workflow.getHandle(workflowId).describe();
        const details = raw.pendingActivities?.map(({ heartbeatDetails }) =>
          Buffer.from(heartbeatDetails?.payloads?.[0]?.data ?? []).toString(),
        );
        if (details?.some((text) => text.includes(`"file":"${file}"`))) return true;
      }
      return undefined;
    }),
  );

test('short files share a dispatch, and each has a record of its own', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `f${String(n).padStart(2, '0')}.js`);
  await addShort('many', Object.fromEntries(names.map((name) => [name, GREEN])));
  const { exitCode, report } = await runSuite(project, 'many');
  expect(exitCode).toBe(0);
  expect(report.totals).toMatchObject({ planned: 40, passed: 40, cases: { passed: 40 } });
  for (const { attempts, losses, path: file } of report.files) {
    expect(losses).toEqual([]);
    expect(attempts).toMatchObject([{ outcome: 'passed' }]);
    expect(await startsOf('many', file)).toHaveLength(1);
  }
  for (const line of await project.lines('many/diary')) expect(line.split(' ')[2]).toBe(line.split(' ')[0]);
  const dispatches = await withClient(project, async (client) => {
    const { events } = await client.workflow.getHandle(`suite/many/${report.run.id}`).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: one }) =>
      /^f\d/.test(one?.activityId ?? '') ? [one?.activityId] : [],
    );
  });
  expect(dispatches.length).toBeLessThan(15);
  expect(dispatches[0]).toMatch(/^f1\.1\+\d+$/);
});

test('a framework that takes several files in one call is given those of a chunk', async () => {
  const file = `
import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
test('is there', () => appendFileSync('diary', process.env.HOLDFAST_FILE + ' ' + process.pid + '\\n'));`;
  const names = Array.from({ length: 8 }, (_, n) => `f${n}.test.mjs`);
  await addShort('together', Object.fromEntries(names.map((name) => [name, file])), {
    framework: 'vitest',
    include: ['*.test.mjs'],
    maxInFlight: 1,
  });
  await project.write({ 'together/vitest.config.mjs': 'export default { test: { isolate: false } };' });
  const { exitCode, report } = await runSuite(project, 'together');
  expect(exitCode).toBe(0);
  expect(report.totals).toMatchObject({ planned: 8, passed: 8, cases: { passed: 8 } });
  const diary = await project.lines('together/diary');
  expect(diary.map((line) => line.split(' ')[0])).toEqual(names);
  expect(new Set(diary.map((line) => line.split(' ')[1])).size).toBe(1);
});

test('what is red is repeated by itself, and the files beside it are not', async () => {
  const red = spec("if (process.env.HOLDFAST_ATTEMPT === '1') throw new Error('not yet');");
  await addShort('red', { 'a.js': GREEN, 'b.js': red, 'c.js': GREEN }, { retries: 1 });
  const { exitCode, report } = await runSuite(project, 'red');
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'flaky', 'c.js': 'passed' });
  expect(fileOf(report, 'b.js').attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'passed' }]);
  expect([await startsOf('red', 'a.js'), await startsOf('red', 'c.js')].map(({ length }) => length)).toEqual([1, 1]);
});

test('a file that takes long gives way to those behind it, and that is no loss', async () => {
  await addShort('long', { 'a.js': GREEN, 'b.js': WAITS, 'c.js': GREEN, 'd.js': GREEN });
  const run = start('long');
  const first = await begun('long', 'b.js');
  await begun('long', 'b.js', 2);
  expect(await isAlive(first)).toBe(false);
  await project.write({ 'long/gate': '' });
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('long');
  expect(report.totals).toMatchObject({ planned: 4, passed: 4 });
  expect(report.files.flatMap(({ losses }) => losses)).toEqual([]);
  expect(fileOf(report, 'b.js').attempts).toHaveLength(1);
  expect(await startsOf('long', 'a.js')).toHaveLength(1);
});

test('a person ends one file, and the others of its chunk go on', async () => {
  await addShort('skipped', { 'a.js': GREEN, 'b.js': WAITS, 'c.js': GREEN });
  const run = start('skipped');
  const pid = await begun('skipped', 'b.js');
  expect((await runCli(['ctl', 'skip', 'b.js'], { cwd: project.root })).exitCode).toBe(0);
  await until('its process is gone', async () => !(await isAlive(pid)));
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('skipped');
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'skipped', 'c.js': 'passed' });
  expect(report.files.flatMap(({ losses }) => losses)).toEqual([]);
  expect(await startsOf('skipped', 'a.js')).toHaveLength(1);
  expect(await startsOf('skipped', 'c.js')).toHaveLength(1);
});

test.each([
  ['SIGKILL', 'heartbeatTimeout'],
  ['SIGTERM', 'preempted'],
] as const)('a worker that gets %s loses the file it was in, and no other', async (signal, cause) => {
  const name = signal.toLowerCase();
  await addShort(name, { 'a.js': GREEN, 'b.js': WAITS, 'c.js': GREEN });
  const run = start(name);
  await begun(name, 'b.js');
  await told(name, 'b.js');
  for (const worker of await workersOf(project)) process.kill(worker, signal);
  await begun(name, 'b.js', 2);
  await project.write({ [`${name}/gate`]: '' });
  expect((await run).exitCode).toBe(0);
  const report = await reportOf(name);
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'passed', 'c.js': 'passed' });
  expect(report.files.map(({ path: file, losses }) => [file, losses.map((loss) => loss.cause)])).toEqual([
    ['a.js', []],
    ['b.js', [cause]],
    ['c.js', []],
  ]);
  expect(await startsOf(name, 'a.js')).toHaveLength(1);
  expect(await startsOf(name, 'c.js')).toHaveLength(1);
});

test('a cancelled run ends, with what its files had said by then', async () => {
  await addShort('cancelled', { 'a.js': GREEN, 'b.js': WAITS, 'c.js': GREEN });
  const run = start('cancelled');
  const pid = await begun('cancelled', 'b.js');
  expect((await runCli(['cancel'], { cwd: project.root })).exitCode).toBe(0);
  await run;
  expect(await isAlive(pid)).toBe(false);
  const report = await reportOf('cancelled');
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'notRun', 'c.js': 'notRun' });
});

test('a file may take its own timeout in a chunk, and no more', async () => {
  await addShort('late', { 'a.js': WAITS, 'b.js': GREEN }, { rules: [{ files: 'a.js', timeoutMs: 1_000 }] });
  const { report, exitCode } = await runSuite(project, 'late');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'a.js': 'failed', 'b.js': 'passed' });
  expect(fileOf(report, 'a.js').attempts).toMatchObject([{ outcome: 'timedOut' }]);
  expect(report.run.makespanMs).toBeLessThan(DEFAULTS.dispatchPatience.leastMs);
});
