import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import type { CliProcess } from '../support/cli.js';
import { copyOf, diaryScript, GATED, openGate } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, kill } from '../support/processes.js';
import { fileOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();
const plain = aBench({ profile: false });

/** The next worker that comes runs the file that another handed back, and nothing is charged to the test. */
async function runsOnTheNext(suite: string, run: CliProcess, left: string) {
  const { project, fleet, reportOf } = bench;
  await fleet.startWorker();
  await openGate(project, suite, await copyOf(project, suite, 'a.sh', 2));
  expect((await run).exitCode).toBe(0);
  expect(fileOf(await reportOf(suite), 'a.sh').losses).toMatchObject([{ cause: 'preempted', worker: left }]);
}

test.each([
  ['with the server profile', bench, 'SIGTERM'],
  ['with Ctrl-C', bench, 'SIGINT'],
  ['on a plain server', plain, 'SIGTERM'],
] as const)(
  'L6: a worker that is told to leave hands its file back at once, %s',
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
  const { project, fleet, startRun } = bench;
  await project.addSuite('only', { 'a.sh': GATED });
  const one = await fleet.startWorker();
  const run = startRun('only');
  const first = await copyOf(project, 'only', 'a.sh');
  kill(one.pid, 'SIGTERM');
  expect((await one.process).exitCode).toBe(0);
  await until('its test is dead', async () => !(await isAlive(first.pid)));
  await runsOnTheNext('only', run, first.worker);
});

test('L6: a worker with nothing to do that is told to leave ends with 0', async () => {
  const idle = await bench.fleet.startWorker();
  kill(idle.pid, 'SIGTERM');
  expect((await idle.process).exitCode).toBe(0);
});

test('L6: a signal of the platform’s own tells a worker to leave', async () => {
  const { project, fleet, startRun } = bench;
  await project.addSuite('signal', { 'a.sh': GATED }, { heartbeatTimeoutMs: 300_000 });
  const one = await fleet.startWorker(1, {}, ['--preempt-signal', 'SIGUSR2']);
  const run = startRun('signal');
  const first = await copyOf(project, 'signal', 'a.sh');
  kill(one.pid, 'SIGUSR2');
  expect((await one.process).exitCode).toBe(0);
  await runsOnTheNext('signal', run, first.worker);
});

test('L6: a notice of the cloud tells a worker to leave before its machine is taken', async () => {
  const { project, fleet, startRun } = bench;
  await project.addSuite('notice', { 'a.sh': GATED }, { heartbeatTimeoutMs: 300_000 });
  let isTaken = false;
  const service = createServer((_, response) => response.end(isTaken ? 'TRUE' : 'FALSE'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const where = { GCE_METADATA_HOST: `127.0.0.1:${port}` };
    const one = await fleet.startWorker(1, where, ['--preemption-notices', 'gcp']);
    const run = startRun('notice');
    const first = await copyOf(project, 'notice', 'a.sh');
    isTaken = true;
    const { exitCode, stderr } = await one.process;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Google Cloud is reclaiming this machine/);
    await runsOnTheNext('notice', run, first.worker);
  } finally {
    service.close();
  }
});

test('L6: a worker that cannot leave within its grace is ended by force, and its test with it', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('forced', { 'a.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  const one = await fleet.startWorker(1, {}, ['--shutdown-grace', '1ms']);
  const run = startRun('forced');
  const first = await copyOf(project, 'forced', 'a.sh');
  kill(one.pid, 'SIGTERM');
  const { exitCode, stderr } = await one.process;
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/could not shut down within 1 ms.*\[WORKER_STUCK\]/);
  await until('its test is dead', async () => !(await isAlive(first.pid)));
  await fleet.startWorker();
  await openGate(project, 'forced', await copyOf(project, 'forced', 'a.sh', 2));
  expect((await run).exitCode).toBe(0);
  expect(fileOf(await reportOf('forced'), 'a.sh').attempts).toHaveLength(1);
});

test('a grace that is longer than the platform gives is warned of', async () => {
  const one = await bench.fleet.startWorker(1, {}, ['--shutdown-grace', '45s']);
  kill(one.pid, 'SIGTERM');
  const { exitCode, stderr } = await one.process;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(/45000 ms, but most platforms may end a machine 30000 ms after/),
  });
});

test('a worker that has run its number of files leaves by itself, and costs no file anything', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const files = Object.fromEntries(['a.sh', 'b.sh', 'c.sh'].map((name) => [name, diaryScript('sleep 0.2')]));
  await project.addSuite('recycled', files);
  const one = await fleet.startWorker(1, {}, ['--recycle-after', '2']);
  const run = startRun('recycled');
  const { exitCode, stderr } = await one.process;
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/This worker has run [23] files and leaves/);
  await fleet.startWorker();
  expect((await run).exitCode).toBe(0);
  for (const { losses } of (await reportOf('recycled')).files) expect(losses).toEqual([]);
});
