import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliEnd, runCli } from '../support/cli.js';
import { type Stack, startStack } from '../support/cluster.js';
import { aProject, type Project } from '../support/project.js';
import { aRemote, type Remote } from '../support/remote.js';
import { checkReport } from '../support/result.js';
import { until } from '../support/until.js';

let project: Project;
let stack: Stack;
let remote: Remote;
beforeAll(async () => {
  project = await aProject();
  remote = await aRemote(join(project.root, 'remote'));
  await project.addSuite('unit', { 'a.sh': 'echo "$HOLDFAST_RUN_ID" >> diary', 'red.sh': 'exit 1' });
  await project.addSuite('gated', { 'a.sh': 'echo "$HOLDFAST_RUN_ID" >> diary; while [ ! -e gate ]; do sleep 0.05; done' });
  const source = { kind: 'git', remote: remote.root, revision: 'main' };
  await project.addSuite('cloned', {}, { source, cwd: 'tests' });
  stack = await startStack(project);
});
afterAll(async () => {
  await stack?.stop();
  await project.remove();
});

const schedule = (...words: readonly string[]): Promise<CliEnd> => runCli(['schedule', ...words], { cwd: project.root });

/** Creates a schedule that fires at night only, unless it is triggered. */
async function create(name: string, suite: string, cron = '0 2 * * *'): Promise<CliEnd> {
  const end = await schedule('create', name, '--cron', cron, '--timezone', 'Europe/Berlin', '--suite', suite);
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  return end;
}

/** Triggers a run, waits for its end and returns its report. */
async function triggered(name: string) {
  const { exitCode, stdout } = await schedule('trigger', name);
  expect(exitCode).toBe(0);
  const run = stdout.trim();
  const { exitCode: verdict } = await runCli(['attach', run], { cwd: project.root });
  const shown = await runCli(['show', run, '--json'], { cwd: project.root });
  return { name: run, verdict, report: await checkReport(shown.stdout) };
}

type Listed = {
  readonly name: string;
  readonly isPaused: boolean;
  readonly next: string;
  readonly lastRunId: string | null;
  readonly lastStart: string | null;
  readonly runningRunId: string | null;
  readonly skipped: number;
};

async function listed(): Promise<readonly Listed[]> {
  const { stdout } = await schedule('list', '--json');
  const { schedules }: { readonly schedules: readonly Listed[] } = JSON.parse(stdout);
  return schedules;
}

const listedAs = async (name: string) => (await listed()).find((one) => one.name === name);

test('a schedule is created, listed with its next time, paused, resumed and deleted', async () => {
  const { stdout } = await create('nightly', 'unit');
  expect(stdout).toMatch(/^Created nightly: suite unit at "0 2 \* \* \*" \(Europe\/Berlin\), next \d{4}-\d\d-\d\d 02:00\.\n/);
  expect(stdout).toContain('holdfast dev'); // An embedded stack does not stay by itself.

  await until('it is listed', () => listedAs('nightly'));
  expect((await schedule('list')).stdout).toMatch(/^nightly +unit +0 2 \* \* \* +Europe\/Berlin +\d{4}-\d\d-\d\d 02:00$/m);
  const { next = '' } = (await listedAs('nightly')) ?? {};
  expect(Date.parse(next)).toBeGreaterThan(Date.now());
  expect(next).toMatch(/T0[01]:00:00\.000Z$/); // Two o'clock in Berlin, summer or winter.

  expect(await schedule('pause', 'nightly')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Paused nightly') });
  expect((await listedAs('nightly'))?.isPaused).toBe(true);
  expect((await schedule('list')).stdout).toMatch(/^nightly .+ paused$/m);
  expect(await schedule('resume', 'nightly')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/next .+ 02:00/) });
  expect((await listedAs('nightly'))?.isPaused).toBe(false);

  expect((await schedule('delete', 'nightly')).exitCode).toBe(0);
  await until('it is gone', async () => (await listedAs('nightly')) === undefined);
  await create('nightly', 'unit'); // Its name is free again.
  expect((await schedule('delete', 'nightly')).exitCode).toBe(0);
});

test('a triggered run comes to a verdict that show, attach and list know by its id', async () => {
  await create('asked', 'unit');
  const { name, verdict, report } = await triggered('asked');
  expect(name).toMatch(/^unit\/asked-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const [, runId] = name.split('/');
  expect(verdict).toBe(1);
  expect(report.run).toMatchObject({ id: runId, suite: 'unit', status: 'failed' });
  expect(report.totals).toMatchObject({ planned: 2, passed: 1, failed: 1 });
  expect(await project.lines('unit/diary')).toEqual([runId]); // What the tests were told.

  const byId = await runCli(['show', String(runId)], { cwd: project.root });
  expect(byId.stdout).toContain('planned 2 = passed 1');
  const { stdout } = await runCli(['list', '--json'], { cwd: project.root });
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ suite: 'unit', runId, status: 'failed' }] });
  expect(await listedAs('asked')).toMatchObject({ lastRunId: runId, lastStart: expect.any(String) });
});

test('while its run goes on no second one is started, and that is told', async () => {
  await create('slow', 'gated');
  const first = (await schedule('trigger', 'slow')).stdout.trim();
  await until('its file runs', async () => (await project.lines('gated/diary')).length === 1);
  expect((await runCli(['list'], { cwd: project.root })).stdout).toMatch(/^slow-\S+ +gated +running/m);

  const second = await schedule('trigger', 'slow');
  expect(second).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('Nothing was started') });
  expect(await listedAs('slow')).toMatchObject({ skipped: 1 });
  await schedule('delete', 'slow');
  await project.write({ 'gated/gate': '' });
  expect((await runCli(['attach', first], { cwd: project.root })).exitCode).toBe(0); // It outlived its schedule.
  expect(await project.lines('gated/diary')).toHaveLength(1);
});

test('a schedule fires by itself; a time that passes while nobody is there is caught up', {
  timeout: 120_000,
}, async () => {
  await project.addSuite('often', { 'a.sh': 'echo "$HOLDFAST_RUN_ID" >> diary' });
  await create('often', 'often', '*/10 * * * * * *'); // Seconds first: seven fields.
  const first = await until('a run of its own accord has ended', async () => {
    const now = await listedAs('often');
    return now?.runningRunId === null ? now.lastRunId : null;
  });
  expect(await project.lines('often/diary')).toContain(first);

  const nextMs = Date.parse(first.replace('often-', '')) + 10_000;
  await stack.stop();
  await until('its next time has passed', () => Date.now() > nextMs);
  stack = await startStack(project);
  const second = `often-${new Date(nextMs).toISOString().replace('.000', '')}`;
  await until('that time has its run', async () => (await project.lines('often/diary')).includes(second));
  expect((await schedule('delete', 'often')).exitCode).toBe(0);
});

test('a suite of a git remote runs the commit its branch has when the run starts', async () => {
  const green = await remote.commit({ 'tests/a.sh': 'true\n' });
  await create('cloned', 'cloned');
  const first = await triggered('cloned');
  expect(first).toMatchObject({ verdict: 0, report: { run: { commit: green }, totals: { planned: 1, passed: 1 } } });

  const red = await remote.commit({ 'tests/a.sh': 'exit 1\n', 'tests/b.sh': 'true\n' });
  const second = await triggered('cloned');
  expect(second).toMatchObject({ verdict: 1, report: { run: { commit: red }, totals: { planned: 2, passed: 1, failed: 1 } } });

  await remote.git('branch', '--move', 'main', 'elsewhere');
  const third = await triggered('cloned');
  expect(third.verdict).toBe(3);
  expect(third.report.run).toMatchObject({ status: 'incomplete', problem: expect.stringContaining('no branch or tag "main"') });
});

describe('bad input is refused in a sentence', () => {
  const at = ['--cron', '0 2 * * *', '--suite', 'unit'];
  const cron = (text: string) => ['create', 'bad', '--suite', 'unit', '--cron', text];
  const cases: readonly (readonly [what: string, words: readonly string[], code: string, names: string])[] = [
    ['no subcommand', [], 'USAGE', 'command'],
    ['an unknown subcommand', ['trigg'], 'USAGE', 'trigger'],
    ['no name', ['create', ...at], 'USAGE', 'NAME'],
    ['a name with bad characters', ['create', 'a/b', ...at], 'USAGE', '"a/b"'],
    ['a name that is in use', ['create', 'asked', ...at], 'SCHEDULE_EXISTS', '"asked"'],
    ['no cron expression', ['create', 'bad', '--suite', 'unit'], 'USAGE', '--cron'],
    ['a cron expression that is none', cron('soon'), 'USAGE', '"soon"'],
    ['a cron field out of range', cron('61 2 * * *'), 'USAGE', 'Minute'],
    ['a time that never comes', cron('0 0 31 2 *'), 'USAGE', 'never'],
    ['a timezone that is none', ['create', 'bad', ...at, '--timezone', 'Europe/Nowhere'], 'USAGE', 'Europe/Nowhere'],
    ['an offset for a timezone', ['create', 'bad', ...at, '--timezone', '+02:00'], 'USAGE', '+02:00'],
    ['an unknown suite', ['create', 'bad', '--cron', '0 2 * * *', '--suite', 'units'], 'SUITE_UNKNOWN', 'units'],
    ['several suites', ['create', 'bad', '--cron', '0 2 * * *'], 'SUITE_UNKNOWN', 'cloned'],
    ['a name to delete that no schedule can have', ['delete', '../x'], 'SCHEDULE_UNKNOWN', '../x'],
    ...['trigger', 'pause', 'resume', 'delete'].map(
      (verb) => [`an unknown name to ${verb}`, [verb, 'none'], 'SCHEDULE_UNKNOWN', '"none"'] as const,
    ),
  ];
  test.each(cases)('%s', async (_, words, code, names) => {
    await expectRefusal(await schedule(...words), code, names);
  });

  test('and leaves no schedule behind', async () => {
    expect((await listed()).map(({ name }) => name).sort()).toEqual(['asked', 'cloned']);
  });

  test('a server that does not stay is none: nothing is started for a schedule', async () => {
    const alone = await aProject();
    try {
      await alone.addSuite('unit', { 'a.sh': 'true' });
      for (const words of [['create', 'nightly', ...at], ['list'], ['trigger', 'nightly']]) {
        const end = await runCli(['schedule', ...words], { cwd: alone.root });
        await expectRefusal(end, 'USAGE', 'only while a server is running');
      }
    } finally {
      await alone.remove();
    }
  });
});

async function expectRefusal({ exitCode, stdout, stderr }: CliEnd, code: string, names: string): Promise<void> {
  expect(stderr).toContain(`[${code}]`);
  expect(stderr.split('\n').find((line) => line.startsWith('holdfast: '))).toContain(names);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
}

test('installations of one server do not see each other’s schedules', async () => {
  const { temporalAddress } = JSON.parse(await project.read('.holdfast/stack.json'));
  const env = { TEMPORAL_ADDRESS: String(temporalAddress), HOLDFAST_QUEUE_PREFIX: 'another' };
  const list = await runCli(['schedule', 'list'], { cwd: project.root, env });
  expect(list).toMatchObject({ exitCode: 0, stdout: 'There are no schedules.\n' });
  await expectRefusal(await runCli(['schedule', 'delete', 'asked'], { cwd: project.root, env }), 'SCHEDULE_UNKNOWN', 'asked');
  expect(await listedAs('asked')).toBeDefined();
});
