import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { copyOf, diaryScript, GATED, openGate } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, kill } from '../support/processes.js';
import { checkReport, fileOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();

/** A run of two files on one worker, which is in the middle of the first. */
async function startHeld(suite: string, options: { readonly heartbeatTimeoutMs: number; readonly maxLosses?: number }) {
  const { project, fleet, startRun } = bench;
  await project.addSuite(suite, { 'a.sh': GATED, 'b.sh': diaryScript() }, options);
  const worker = await fleet.startWorker();
  const run = startRun(suite);
  return { worker, run, first: await copyOf(project, suite, 'a.sh') };
}

test('B6: the Temporal server is killed and back within the heartbeat timeout: nothing happens', async () => {
  const { project, fleet, reportOf } = bench;
  const { run, first } = await startHeld('short', { heartbeatTimeoutMs: 20_000 });
  await fleet.killServer();
  await fleet.restartServer();
  expect(await isAlive(first.pid)).toBe(true);
  await openGate(project, 'short', first);
  expect((await run).exitCode).toBe(0);
  for (const { attempts, losses } of (await reportOf('short')).files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
});

test('B6: it is away for longer: its attempts are dead before it is back, run again, and the run goes on', async () => {
  const { project, fleet, reportOf } = bench;
  const { run, first } = await startHeld('long', { heartbeatTimeoutMs: 2_000 });
  await fleet.killServer();
  await until('the test is dead', async () => !(await isAlive(first.pid)));
  await delay(1_500); // The fault itself: beyond the timeout.
  await fleet.restartServer();
  await openGate(project, 'long', await copyOf(project, 'long', 'a.sh', 2));
  expect((await run).exitCode).toBe(0);
  const { attempts, losses } = fileOf(await reportOf('long'), 'a.sh');
  expect({ attempts: attempts.length, losses: losses.length }).toEqual({ attempts: 1, losses: 1 });
});

test('command, workers, control worker and server are killed in turn: the run goes on, and attach tells its end', async () => {
  const { project, fleet } = bench;
  const { run, worker } = await startHeld('turn', { heartbeatTimeoutMs: 2_000, maxLosses: 20 });
  run.kill('SIGKILL');
  kill(worker.pid, 'SIGKILL');
  await fleet.startWorker();
  await copyOf(project, 'turn', 'a.sh', 2);
  await fleet.killServer();
  await fleet.killControl();
  await delay(3_000); // Beyond the timeout.
  await fleet.restartServer();
  await fleet.startControl();
  await openGate(project, 'turn', await copyOf(project, 'turn', 'a.sh', 3));
  const { exitCode } = await runCli(['attach', 'turn/turn', '--reporter', 'json=turn.json'], {
    cwd: project.root,
    env: fleet.env,
  });
  expect(exitCode).toBe(0);
  const { totals } = await checkReport(await project.read('turn.json'));
  expect(totals).toMatchObject({ planned: 2, passed: 2, lost: 0, countedTwice: 0 });
});
