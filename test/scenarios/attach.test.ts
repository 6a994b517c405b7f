import { execa } from 'execa';
import { expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { aRunningProject, saying } from '../support/cluster.js';
import { checkReport, runSuite } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject();

/** Writes a diary and waits until somebody opens the gate. */
const gated = (end: string) => `echo "$HOLDFAST_FILE" >> diary; while [ ! -e gate ]; do sleep 0.05; done; ${end}`;

test('a detached run prints its name; attach watches it and ends with its exit code', async () => {
  await project.addSuite('detached', { 'a.sh': gated('true'), 'red.sh': gated('exit 1') });
  const start = await runCli(['run', '--suite', 'detached', '--detach'], { cwd: project.root });
  expect(start).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^detached\/\S+\n$/) });
  const name = start.stdout.trim();

  const unfinished = await runCli(['show'], { cwd: project.root });
  expect(unfinished.stderr).toContain(`holdfast attach ${name}`);
  expect(await runCli(['simulate', name, '--machines', '2'], { cwd: project.root })).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('is still running'),
  });
  const watching = startCli(['attach'], { cwd: project.root });
  await saying(watching, /2 files planned/);
  await project.write({ 'detached/gate': '' });
  const [latest, named] = [await watching, await runCli(['attach', name], { cwd: project.root })];
  for (const { exitCode, stdout } of [latest, named]) {
    expect(exitCode).toBe(1);
    expect(stdout).toContain('planned 2 = passed 1 + flaky 0 + failed 1');
    expect(stdout.match(/^passed +a\.sh/gm)).toHaveLength(1); // As it ended, or at the end of all.
  }
});

test('the same run id attaches while the run goes on and gives its verdict again afterwards: one run', async () => {
  await project.addSuite('same', { 'a.sh': gated('true'), 'red.sh': gated('exit 1') });
  const words = ['run', '--suite', 'same', '--run-id', 'pipeline-7'];
  const first = startCli(words, { cwd: project.root });
  await until('both files run', async () => (await project.lines('same/diary')).length === 2);
  const second = startCli([...words, '--reporter', 'json=same.json'], { cwd: project.root });
  await saying(second, /attached/i);
  await project.write({ 'same/gate': '' });
  expect((await first).exitCode).toBe(1);
  expect((await second).exitCode).toBe(1);

  const third = await runSuite(project, 'same', ['--run-id', 'pipeline-7']);
  expect(third.exitCode).toBe(1);
  expect(third.stdout).toContain('Nothing was run');
  expect(third.report.run.id).toBe('pipeline-7');
  expect((await project.lines('same/diary')).sort()).toEqual(['a.sh', 'red.sh']);
});

test('a newer attempt of a CI job is a new run, linked to the one before', async () => {
  await project.addSuite('ci', { 'a.sh': 'echo "$HOLDFAST_RUN_ID" >> diary; [ -e fixed ]' });
  const attempt = (number: number) =>
    runSuite(project, 'ci', [], {
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '900',
      GITHUB_JOB: 'tests',
      GITHUB_RUN_ATTEMPT: String(number),
    });
  const first = await attempt(1);
  expect(first).toMatchObject({ exitCode: 1, report: { run: { id: '900-tests', previousRunId: null } } });
  expect(first.stdout).toContain('::error');
  expect((await attempt(1)).stdout).toContain('Nothing was run');

  await project.write({ 'ci/fixed': '' });
  const second = await attempt(2);
  expect(second).toMatchObject({ exitCode: 0, report: { run: { id: '900-tests.2', previousRunId: '900-tests' } } });
  expect(await project.lines('ci/diary')).toEqual(['900-tests', '900-tests.2']);
});

test('a client that is killed does not stop its run; another shell sees it through', async () => {
  await project.addSuite('orphan', { 'a.sh': gated('true'), 'b.sh': gated('true'), 'c.sh': gated('true') });
  const client = startCli(['run', '--suite', 'orphan'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('orphan/diary')).length === 2);
  client.kill('SIGKILL');
  await client;

  const other = startCli(['attach', '--reporter', 'json=-'], { cwd: project.root });
  await saying(other, /3 files planned/);
  await project.write({ 'orphan/gate': '' });
  const { exitCode, stdout } = await other;
  expect(exitCode).toBe(0);
  expect((await checkReport(stdout)).totals.passed).toBe(3);
  expect((await project.lines('orphan/diary')).sort()).toEqual(['a.sh', 'b.sh', 'c.sh']);
});

test('a stack that is up keeps its slots, and a run that wanted others is told', async () => {
  await project.addSuite('slots', { 'a.sh': '[ "$HOLDFAST_SLOTS" = 2 ]' });
  const wanting = await runSuite(project, 'slots', ['-j', '3']);
  expect(wanting).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('has 2 slots; --workers only takes effect when a stack is'),
  });
  expect((await runSuite(project, 'slots', ['-j', '2'])).stdout).not.toContain('slots;');
});

test('stats tell an autoscaler what runs, waits and is idle', async () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.sh`, gated('true')]));
  await project.addSuite('demand', files);
  const stats = async () => JSON.parse((await runCli(['stats', '--json'], { cwd: project.root })).stdout);
  expect(await stats()).toMatchObject({ schemaVersion: 1, workers: 1, slots: 2, running: 0, idle: 2, waiting: 0, runs: [] });
  const run = startCli(['run', '--suite', 'demand'], { cwd: project.root });
  await until('both slots are busy', async () => (await project.lines('demand/diary')).length === 2);
  const busy = await until('the server lists the run', async () => {
    const seen = await stats();
    return seen.runs.length > 0 && seen;
  });
  expect(busy).toMatchObject({ running: 2, idle: 0, waiting: 3, blocked: 0, runs: [{ suite: 'demand', answers: true }] });
  expect((await runCli(['stats'], { cwd: project.root })).stdout).toMatch(
    /^1 worker with 2 slots: 2 running, 0 idle; 3 waiting for a slot\n/,
  );
  await project.write({ 'demand/gate': '' });
  expect((await run).exitCode).toBe(0);
});

test('tests have the variables of the command that started their run, also when two run at once, and Temporal has none of them', async () => {
  const script = 'echo "$MX $LATER" >> diary; while [ ! -e gate ]; do sleep 0.05; done; [ "$MX" = good-7c1f ]';
  await project.addSuite('variables', { 'a.sh': script, 'b.sh': script }, { env: { set: { LATER: 'set' } } });
  const run = (MX: string) => runCli(['run', '--suite', 'variables'], { cwd: project.root, env: { MX } });
  const ends = Promise.all([run('good-7c1f'), run('bad-7c1f')]);
  await until('two files run', async () => (await project.lines('variables/diary')).length === 2);
  await project.write({ 'variables/gate': '' });
  expect((await ends).map(({ exitCode }) => exitCode)).toEqual([0, 1]);
  const good = 'good-7c1f set';
  expect((await project.lines('variables/diary')).filter((line) => line === good)).toHaveLength(2);
  const filesWith = (text: string) => execa('grep', ['-rlaF', '-e', text, '.holdfast'], { cwd: project.root, reject: false });
  expect((await filesWith('variables')).stdout).toContain('.holdfast/temporal.db');
  expect((await filesWith('-7c1f')).stdout).toBe('');
});
