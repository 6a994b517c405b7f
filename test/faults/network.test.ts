import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { copyOf, diaryScript, GATED, openGate } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive } from '../support/processes.js';
import { fileOf } from '../support/result.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

const bench = aBench();
let network: TcpProxy;
beforeAll(async () => {
  network = await startTcpProxy(bench.fleet.address);
});
afterEach(() => network.heal());
afterAll(() => network?.close());

/** A worker that reaches the server only through the network that a test makes bad. */
const startRemoteWorker = () => bench.fleet.startWorker(1, { TEMPORAL_ADDRESS: network.address });

test('L3: connections are cut and beats fail for less than the timeout: nothing happens', async () => {
  const { project, startRun, reportOf } = bench;
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
  const { project, startRun, reportOf } = bench;
  await project.addSuite('slow', { 'a.sh': diaryScript('sleep 3'), 'b.sh': diaryScript() }, { heartbeatTimeoutMs: 4_000 });
  await startRemoteWorker();
  network.slow(500);
  expect((await startRun('slow')).exitCode).toBe(0);
  for (const { attempts, losses } of (await reportOf('slow')).files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
});

test('L4: a worker that is cut off past the timeout has killed its test before another worker starts it', async () => {
  const { project, fleet, startRun, reportOf } = bench;
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
  const { project, startRun, reportOf } = bench;
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

/** Two network namespaces would be this machine and another one; without the right to make them, the proxy above has to do. */
const NAMESPACE = `holdfast-${process.pid}`;
const sh = (command: string) => execa('sh', ['-ec', command], { reject: false });
const canSplit = await (async () => {
  const { exitCode } = await sh(`ip netns add ${NAMESPACE}-try && ip netns del ${NAMESPACE}-try`);
  return exitCode === 0;
})();

test.skipIf(!canSplit)(
  'L4: the same with a real network that is unplugged (needs the right to make network namespaces)',
  async () => {
    const { project, fleet, startRun, reportOf } = bench;
    const [link, peer] = [`hf${process.pid % 100_000}a`, `hf${process.pid % 100_000}b`];
    const subnet = `10.213.${process.pid % 250}`;
    await project.addSuite('plug', { 'a.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
    const set = await sh(`ip netns add ${NAMESPACE}
ip link add ${link} type veth peer name ${peer} netns ${NAMESPACE}
ip addr add ${subnet}.1/24 dev ${link} && ip link set ${link} up
ip -n ${NAMESPACE} addr add ${subnet}.2/24 dev ${peer} && ip -n ${NAMESPACE} link set ${peer} up
ip -n ${NAMESPACE} link set lo up`);
    expect(set.stderr).toBe('');
    const door = await startTcpProxy(fleet.address, `${subnet}.1`); // The server listens on loopback alone.
    try {
      const remote = await fleet.startWorker(1, { TEMPORAL_ADDRESS: door.address }, [], ['ip', 'netns', 'exec', NAMESPACE]);
      const run = startRun('plug');
      const first = await copyOf(project, 'plug', 'a.sh');
      expect(first.worker).toBe(remote.name);
      const near = await fleet.startWorker();
      await sh(`ip link set ${link} down`);
      const second = await copyOf(project, 'plug', 'a.sh', 2);
      expect(second.worker).toBe(near.name);
      expect(await isAlive(first.pid)).toBe(false);
      await sh(`ip link set ${link} up`);
      await openGate(project, 'plug', second);
      expect((await run).exitCode).toBe(0);
      expect(fileOf(await reportOf('plug'), 'a.sh').losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
    } finally {
      await door.close();
      await fleet.dismissWorkers();
      await sh(`ip netns del ${NAMESPACE}; ip link del ${link}`);
    }
  },
);
