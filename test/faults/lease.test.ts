import { expect, test } from 'vitest';
import { copyOf, diaryScript, GATED, openGate, readDiary } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, kill } from '../support/processes.js';
import { fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();

// The SDK gives up an attempt of which it saw no beat for the timeout and five seconds: with 1 s that is at 6 s.
test('L1: an attempt lives past many heartbeat timeouts while its worker beats', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('long', { 'a.sh': diaryScript('sleep 9') }, { heartbeatTimeoutMs: 1_000 });
  await fleet.startWorker();
  expect((await startRun('long')).exitCode).toBe(0);
  const { files } = await reportOf('long');
  expect(files).toMatchObject([{ verdict: 'passed', attempts: [{ number: 1, outcome: 'passed' }], losses: [] }]);
});

test('L2: a lease that is taken away ends the whole group of its test, and the file runs again', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const gated = `sleep 600 & echo $! > child; holds "$gate"`;
  await project.addSuite('taken', { 'a.sh': diaryScript(gated) }, { heartbeatTimeoutMs: 4_000 });
  await fleet.startWorker();
  const run = startRun('taken');
  const first = await copyOf(project, 'taken', 'a.sh');
  const child = await until('its child runs', async () => Number((await project.lines('taken/child'))[0] ?? 0) || null);
  const { client } = await fleet.connect();
  const execution = { workflowId: 'suite/taken/taken' };
  const { pendingActivities } = await client.workflowService.describeWorkflowExecution({ namespace: 'default', execution });
  const id = pendingActivities?.[0]?.activityId ?? '';
  await client.workflowService.resetActivity({ namespace: 'default', execution, id });
  await until('the test and its child are dead', async () => !(await isAlive(first.pid)) && !(await isAlive(child)));
  const second = await copyOf(project, 'taken', 'a.sh', 2);
  await openGate(project, 'taken', second);

  expect((await run).exitCode).toBe(0);
  const { verdict, attempts, losses } = fileOf(await reportOf('taken'), 'a.sh');
  expect({ verdict, attempts: attempts.length }).toEqual({ verdict: 'passed', attempts: 1 });
  expect(losses).toMatchObject([{ cause: 'leaseLost', worker: first.worker }]);
});

test('L5: a worker that froze and thaws changes no verdict with its late result', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('frozen', { 'a.sh': GATED, 'b.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  await project.addSuite('thawed', { 'c.sh': diaryScript() });
  const workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const pidOf = (worker: string) => workers.find(({ name }) => name === worker)?.pid ?? Number.NaN;
  const run = startRun('frozen');
  const [first, other] = await until('both workers have a file', async () => {
    const [one, two] = (await readDiary(project, 'frozen')).copies;
    return one && two && ([one, two] as const);
  });
  kill(pidOf(first.worker), 'SIGSTOP');
  await openGate(project, 'frozen', first, 1); // Red, while nobody can say so.
  await until('its test has ended', async () => !(await isAlive(first.pid)));
  await openGate(project, 'frozen', other);
  const second = await copyOf(project, 'frozen', first.file, 2);
  expect(second.worker).toBe(other.worker);

  // The other worker is busy: whoever takes the next file has got rid of the old one.
  kill(pidOf(first.worker), 'SIGCONT');
  expect((await startRun('thawed')).exitCode).toBe(0);
  expect((await readDiary(project, 'thawed')).copies.map(({ worker }) => worker)).toEqual([first.worker]);
  await openGate(project, 'frozen', second);

  expect((await run).exitCode).toBe(0);
  const report = await reportOf('frozen');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed' });
  const { attempts, losses } = fileOf(report, first.file);
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
});

test('L5: a frozen worker’s test is dead before a second copy of it starts', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('still', { 'a.sh': diaryScript('holds "$gate"') }, { heartbeatTimeoutMs: 2_000 });
  const workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const run = startRun('still');
  const first = await copyOf(project, 'still', 'a.sh');
  const frozen = workers.find(({ name }) => name === first.worker);
  kill(frozen?.pid ?? Number.NaN, 'SIGSTOP'); // Its test goes on, unless somebody ends it.
  const second = await copyOf(project, 'still', 'a.sh', 2);
  expect(second.worker).not.toBe(first.worker);
  expect(await isAlive(first.pid)).toBe(false);
  await openGate(project, 'still', second);
  expect((await run).exitCode).toBe(0);
  const { losses } = fileOf(await reportOf('still'), 'a.sh');
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
});
