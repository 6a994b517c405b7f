import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { copyOf, diaryScript, GATED, openGate, readDiary } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import type { FleetWorker } from '../support/fleet.js';
import { isAlive, kill } from '../support/processes.js';
import { printedRandom } from '../support/random.js';
import { fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();
const several = (count: number, script: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${100 + index}.sh`, script]));

test('L9: a run without any worker waits and says for what; it goes on with the first that comes', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('waiting', { 'a.sh': diaryScript() });
  const run = startRun('waiting');
  await saying(run, /holdfast worker/);
  expect(await project.lines('waiting/diary')).toEqual([]);
  const shown = await runCli(['show', 'waiting/waiting'], { cwd: project.root, env: fleet.env });
  expect(shown.stderr).toMatch(/is running: listing test files\n {2}waiting for a test worker: none polls/);
  await fleet.startWorker();
  expect((await run).exitCode).toBe(0);
  expect(verdictsOf(await reportOf('waiting'))).toEqual({ 'a.sh': 'passed' });
});

test('L7: a worker that is killed loses its file to another; no attempt of the test is used up', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const plain = diaryScript();
  await project.addSuite('killed', { 'a.sh': GATED, 'b.sh': plain, 'c.sh': plain }, { heartbeatTimeoutMs: 4_000 });
  const workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const run = startRun('killed');
  const first = await copyOf(project, 'killed', 'a.sh');
  kill(workers.find(({ name }) => name === first.worker)?.pid ?? Number.NaN, 'SIGKILL');
  await until('its test is dead too', async () => !(await isAlive(first.pid)));
  const second = await copyOf(project, 'killed', 'a.sh', 2);
  expect(second.worker).not.toBe(first.worker);
  await openGate(project, 'killed', second);

  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(0);
  const report = await reportOf('killed');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed', 'c.sh': 'passed' });
  const { attempts, losses } = fileOf(report, 'a.sh');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
  expect(losses[0]?.lostMs).toBeGreaterThan(0);
  expect(losses[0]?.resumedAfterMs).toBeGreaterThanOrEqual(0);
  expect(stdout).toContain('lost 0; counted twice 0');
});

test('L8: workers told to leave and then killed at a random moment, 20 times in one run: nothing is half-committed', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const random = printedRandom('L8');
  await project.addSuite('rounds', several(60, diaryScript('sleep 0.4')), { heartbeatTimeoutMs: 1_500, maxLosses: 30 });
  let workers: readonly FleetWorker[] = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const run = startRun('rounds');
  await until('files run', async () => (await readDiary(project, 'rounds')).copies.length > 1);
  for (let round = 0; round < 20; round += 1) {
    const [victim] = workers;
    if (victim === undefined) throw new Error('No worker is left.');
    kill(victim.pid, 'SIGTERM');
    await delay(random() * 250); // The fault: any moment of leaving.
    kill(victim.pid, 'SIGKILL');
    await victim.process;
    workers = [...workers.slice(1), await fleet.startWorker()];
  }
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('rounds');
  expect(report.totals).toMatchObject({ planned: 60, passed: 60 });
  for (const { attempts } of report.files) expect(attempts).toHaveLength(1);
});

test('L9: all workers are killed in the middle of a run: it waits past the timeout and goes on with those that come', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('gone', several(4, GATED), { heartbeatTimeoutMs: 1_000 });
  const gone = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const run = startRun('gone');
  const firsts = await until('both workers have a file', async () => {
    const { copies } = await readDiary(project, 'gone');
    return copies.length === 2 && copies;
  });
  for (const { pid } of gone) kill(pid, 'SIGKILL');
  const { client } = await fleet.connect();
  const { workflowService } = client;
  await until('the server has given both attempts up', async () => {
    const execution = { workflowId: 'suite/gone/gone' };
    const { pendingActivities } = await workflowService.describeWorkflowExecution({ namespace: 'default', execution });
    return (
      pendingActivities?.some(({ activityId }) => activityId?.endsWith('.2')) &&
      !pendingActivities.some(({ lastWorkerIdentity }) => lastWorkerIdentity)
    );
  });
  expect((await readDiary(project, 'gone')).copies).toEqual(firsts);
  const next = await fleet.startWorker();
  for (const file of ['100.sh', '101.sh', '102.sh', '103.sh'])
    await openGate(project, 'gone', { file, worker: next.name, pid: 0, startedMs: 0, endedMs: null });
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('gone');
  expect(report.totals).toMatchObject({ planned: 4, passed: 4 });
  expect(report.files.filter(({ losses }) => losses.length === 1)).toHaveLength(2);
});

test('L10: the worker of the last file dies while others have nothing to do: one of those takes it', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('last', { 'a.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  const workers = await Promise.all([fleet.startWorker(), fleet.startWorker(), fleet.startWorker()]);
  const run = startRun('last');
  const first = await copyOf(project, 'last', 'a.sh');
  kill(workers.find(({ name }) => name === first.worker)?.pid ?? Number.NaN, 'SIGKILL');
  const second = await copyOf(project, 'last', 'a.sh', 2);
  expect(second.worker).not.toBe(first.worker);
  await openGate(project, 'last', second);
  expect((await run).exitCode).toBe(0);
  expect(fileOf(await reportOf('last'), 'a.sh')).toMatchObject({ verdict: 'passed', losses: [{ worker: first.worker }] });
});

test('L11: files that were not selected leave no trace that a later run could take for a result', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('chosen', { 'a.sh': diaryScript(), 'b.sh': diaryScript('exit 1') });
  await fleet.startWorker();
  expect((await startRun('chosen', ['--run-id', 'some', 'a.sh'])).exitCode).toBe(0);
  expect(verdictsOf(await reportOf('chosen'))).toEqual({ 'a.sh': 'passed' });
  expect((await startRun('chosen', ['--run-id', 'all'])).exitCode).toBe(1);
  const { files } = JSON.parse(await project.read('chosen.json'));
  expect(files.map(({ path, verdict }: { path: string; verdict: string }) => [path, verdict]).sort()).toEqual([
    ['a.sh', 'passed'],
    ['b.sh', 'failed'],
  ]);
});
