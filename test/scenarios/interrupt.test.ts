import { expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { aRunningProject, saying } from '../support/cluster.js';
import { isAlive, processesIn, untilEmpty } from '../support/processes.js';
import { aProject } from '../support/project.js';
import { checkReport } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject();

/** Writes down its process and one that it leaves behind, then waits for the gate. Deaf to SIGTERM. */
const GATED = `trap '' TERM; sleep 600 & echo "$$ $!" >> diary; while [ ! -e gate ]; do sleep 0.05; done; kill -9 $!`;
const four = { 'a.sh': GATED, 'b.sh': GATED, 'c.sh': GATED, 'd.sh': GATED };
const pidsOf = async (suite: string) => (await project.lines(`${suite}/diary`)).flatMap((line) => line.split(' ').map(Number));

test('the first Ctrl-C cancels: children die, the rest is not run, exit code 130', async () => {
  await project.addSuite('once', four);
  const run = startCli(['run', '--suite', 'once', '--reporter', 'json=once.json'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('once/diary')).length === 2);
  run.kill('SIGINT');
  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(130);
  expect(stdout).toContain('Press Ctrl-C again to leave without waiting for its end');
  const { run: ended, totals } = await checkReport(await project.read('once.json'));
  expect(ended).toMatchObject({ status: 'cancelled', exitCode: 130 });
  expect(totals).toMatchObject({ planned: 4, notRun: 4 });
  for (const pid of await pidsOf('once')) expect(await isAlive(pid), `process ${pid}`).toBe(false);
  expect(await project.lines('once/diary')).toHaveLength(2);
});

test('SIGTERM, which CI systems send, cancels as Ctrl-C does', async () => {
  await project.addSuite('term', four);
  const run = startCli(['run', '--suite', 'term', '--reporter', 'json=term.json'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('term/diary')).length === 2);
  run.kill('SIGTERM');
  expect(await run).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('SIGTERM: cancelling the run.') });
  const { run: ended, totals } = await checkReport(await project.read('term.json'));
  expect({ ...ended, ...totals }).toMatchObject({ status: 'cancelled', planned: 4, notRun: 4 });
  for (const pid of await pidsOf('term')) expect(await isAlive(pid), `process ${pid}`).toBe(false);
});

test('a run that takes longer to end is left some seconds after SIGTERM, before the CI kills the command', async () => {
  await project.addSuite('slow', four);
  const run = startCli(['run', '--suite', 'slow'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('slow/diary')).length === 2);
  const [worker] = (await processesIn(project.root)).filter(({ command }) => /cli\.js worker/.test(command));
  process.kill(worker?.pid ?? 0, 'SIGSTOP');
  run.kill('SIGTERM');
  const { exitCode, stdout } = await run;
  process.kill(worker?.pid ?? 0, 'SIGCONT');
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: expect.stringMatching(/Left slow\/\S+, which is cancelled: /) });
  const [, name = ''] = /holdfast attach (\S+)/.exec(stdout) ?? [];
  expect((await runCli(['attach', name], { cwd: project.root })).exitCode).toBe(130);
});

test('a second Ctrl-C leaves the run, says what becomes of it and how to see it again', async () => {
  // A worker that is stopped cannot answer the first Ctrl-C, so the second comes while the run still ends.
  await project.addSuite('twice', four);
  const run = startCli(['run', '--suite', 'twice'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('twice/diary')).length === 2);
  const [worker] = (await processesIn(project.root)).filter(({ command }) => /cli\.js worker/.test(command));
  process.kill(worker?.pid ?? 0, 'SIGSTOP');
  run.kill('SIGINT');
  await saying(run, /Ctrl-C again/);
  run.kill('SIGINT');
  const { exitCode, stdout } = await run;
  process.kill(worker?.pid ?? 0, 'SIGCONT');
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/Left twice\/\S+, which is cancelled: what it was running ends, and the rest is not run\./);
  const [, name = ''] = /holdfast attach (\S+)/.exec(stdout) ?? [];
  expect(name).toMatch(/^twice\//);
  const attached = await runCli(['attach', name], { cwd: project.root });
  expect(attached).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('not run 4') });
});

test('cancel ends a run from elsewhere, and asked again changes nothing', async () => {
  await project.addSuite('other', four);
  const run = startCli(['run', '--suite', 'other'], { cwd: project.root });
  await until('two files run', async () => (await project.lines('other/diary')).length === 2);
  const cancel = () => runCli(['cancel'], { cwd: project.root });
  expect(await cancel()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Cancelling other\/\S+\./) });
  expect((await run).exitCode).toBe(130);
  const before = await runCli(['show', '--json'], { cwd: project.root });
  expect(await cancel()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('has already ended') });
  expect(await runCli(['show', '--json'], { cwd: project.root })).toEqual(before);
});

test('cancel by owner ends the runs of that owner and no other', async () => {
  await project.addSuite('shared', { 'a.sh': GATED });
  const start = (owner: string) =>
    runCli(['run', '--suite', 'shared', '--detach', '--owner', owner, '--run-id', owner], { cwd: project.root });
  await Promise.all([start('ann'), start('bob')]);
  await until('both run', async () => (await project.lines('shared/diary')).length === 2);
  const cancelled = await runCli(['cancel', '--owner', 'ann'], { cwd: project.root });
  expect(cancelled.stdout).toBe('Cancelling shared/ann.\n');
  expect((await runCli(['attach', 'shared/ann'], { cwd: project.root })).exitCode).toBe(130);
  await project.write({ 'shared/gate': '' });
  expect((await runCli(['attach', 'shared/bob'], { cwd: project.root })).exitCode).toBe(0);

  const list = await runCli(['list', '--owner', 'bob', '--json'], { cwd: project.root });
  expect(JSON.parse(list.stdout)).toMatchObject({
    runs: [{ suite: 'shared', runId: 'bob', status: 'passed', owner: 'bob', totals: { planned: 1, passed: 1 } }],
  });
});

test('Ctrl-C in a project without a stack of its own leaves no process behind', async () => {
  const alone = await aProject();
  try {
    await alone.addSuite('unit', four);
    const run = startCli(['run'], { cwd: alone.root });
    await until('two files run', async () => (await alone.lines('unit/diary')).length === 2);
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(130);
    await untilEmpty(alone.root);
  } finally {
    await alone.remove();
  }
});
