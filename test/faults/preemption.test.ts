import { expect, test } from 'vitest';
import { copyOf, diaryScript, GATED, openGate } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, kill } from '../support/processes.js';
import { fileOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();
const plain = aBench({ profile: false });

test.each([
  ['with the server profile', bench, 'SIGTERM'],
  ['with Ctrl-C', bench, 'SIGINT'],
  ['on a plain server', plain, 'SIGTERM'],
] as const)(
  'L6: a worker that is told to leave hands its file back at once, %s (F24)',
  async (_where, { project, fleet, startRun, reportOf }, signal) => {
    const suite = `left-${signal}`;
    // Nobody would call this worker lost before the test itself has given up.
    await project.addSuite(suite, { 'a.sh': GATED, 'b.sh': diaryScript() }, { heartbeatTimeoutMs: 300_000 });
    const workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
    const run = startRun(suite);
    const first = await copyOf(project, suite, 'a.sh');
    const leaving = workers.find(({ name }) => name === first.worker);
    kill(leaving?.pid ?? Number.NaN, signal);
    const second = await copyOf(project, suite, 'a.sh', 2);
    expect(second.worker).not.toBe(first.worker);
    expect(await isAlive(first.pid)).toBe(false);
    expect((await leaving?.process)?.exitCode).toBe(0);
    await openGate(project, suite, second);

    expect((await run).exitCode).toBe(0);
    const { verdict, attempts, losses } = fileOf(await reportOf(suite), 'a.sh');
    expect(verdict).toBe('passed');
    expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
    expect(losses).toMatchObject([{ cause: 'preempted', worker: first.worker }]);
  },
);

test('L6: the only worker leaves: the file waits, and the next worker runs it', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('only', { 'a.sh': GATED });
  const one = await fleet.startWorker();
  const run = startRun('only');
  const first = await copyOf(project, 'only', 'a.sh');
  kill(one.pid, 'SIGTERM');
  expect((await one.process).exitCode).toBe(0);
  await until('its test is dead', async () => !(await isAlive(first.pid)));
  await fleet.startWorker();
  await openGate(project, 'only', await copyOf(project, 'only', 'a.sh', 2));
  expect((await run).exitCode).toBe(0);
  expect(fileOf(await reportOf('only'), 'a.sh').losses).toMatchObject([{ cause: 'preempted', worker: first.worker }]);
});

test('L6: a worker with nothing to do that is told to leave ends with 0', async () => {
  const idle = await bench.fleet.startWorker();
  kill(idle.pid, 'SIGTERM');
  expect((await idle.process).exitCode).toBe(0);
});
