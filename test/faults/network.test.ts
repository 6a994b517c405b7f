import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startCli } from '../support/cli.js';
import { checkDiary, copyOf, diaryScript, GATED, openGate, readDiary } from '../support/diary.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { isAlive } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, fileOf } from '../support/result.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let project: Project;
let fleet: Fleet;
let network: TcpProxy;
beforeAll(async () => {
  project = await aProject();
  fleet = await startFleet(project);
  network = await startTcpProxy(fleet.address);
});
afterEach(async () => {
  network.heal();
  await fleet.dismissWorkers();
});
afterAll(async () => {
  await network?.close();
  await fleet?.stop();
  await project.remove();
});

const startRun = (suite: string) =>
  startCli(['run', '--suite', suite, '--reporter', `json=${suite}.json`], { cwd: project.root, env: fleet.env });
const reportOf = async (suite: string) => {
  const report = await checkReport(await project.read(`${suite}.json`));
  checkDiary(report, await readDiary(project, suite));
  return report;
};
/** A worker that reaches the server only through the network that a test makes bad. */
const startRemoteWorker = () => fleet.startWorker(1, { TEMPORAL_ADDRESS: network.address });

test('L3: connections are cut and beats fail for less than the timeout: nothing happens (F32, F33)', async () => {
  await project.addSuite('blip', { 'a.sh': GATED }, { heartbeatTimeoutMs: 4_000 });
  await startRemoteWorker();
  const run = startRun('blip');
  const first = await copyOf(project, 'blip', 'a.sh');
  for (let times = 0; times < 2; times += 1) {
    network.cut();
    await delay(1_300); // The fault itself: longer than the pause between two beats, shorter than the lease.
    network.heal();
    await delay(2_000); // A beat passes.
  }
  expect(await isAlive(first.pid)).toBe(true);
  await openGate(project, 'blip', first);
  expect((await run).exitCode).toBe(0);
  const { attempts, losses } = fileOf(await reportOf('blip'), 'a.sh');
  expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
});

test('L3: a slow network, half a second each way, costs no attempt', async () => {
  await project.addSuite('slow', { 'a.sh': diaryScript('sleep 3'), 'b.sh': diaryScript() }, { heartbeatTimeoutMs: 4_000 });
  await startRemoteWorker();
  network.slow(500);
  expect((await startRun('slow')).exitCode).toBe(0);
  for (const { attempts, losses } of (await reportOf('slow')).files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
});

test('L4: a worker that is cut off past the timeout has killed its test before another worker starts it (F31)', async () => {
  await project.addSuite('cut', { 'a.sh': GATED, 'b.sh': diaryScript() }, { heartbeatTimeoutMs: 2_000 });
  const remote = await startRemoteWorker();
  const run = startRun('cut');
  const first = await copyOf(project, 'cut', 'a.sh');
  expect(first.worker).toBe(remote.name);
  const near = await fleet.startWorker();
  network.block(); // Nobody is told: no reset, no end.
  const second = await copyOf(project, 'cut', 'a.sh', 2);
  expect(second.worker).toBe(near.name);
  expect(await isAlive(first.pid)).toBe(false);

  network.heal(); // What the worker had to say arrives now, and changes nothing.
  await openGate(project, 'cut', second);
  expect((await run).exitCode).toBe(0);
  const { attempts, losses } = fileOf(await reportOf('cut'), 'a.sh');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: near.name }]);
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
});

test('L4: a worker that was cut off and is back takes work again', async () => {
  await project.addSuite('back', { 'a.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  const remote = await startRemoteWorker();
  const run = startRun('back');
  await copyOf(project, 'back', 'a.sh');
  network.block();
  await delay(3_000); // Past the timeout: the server has given the file up, and nobody else is there.
  network.heal();
  const second = await copyOf(project, 'back', 'a.sh', 2);
  expect(second.worker).toBe(remote.name);
  await openGate(project, 'back', second);
  expect((await run).exitCode).toBe(0);
  expect(fileOf(await reportOf('back'), 'a.sh').losses).toMatchObject([{ cause: 'heartbeatTimeout' }]);
});
