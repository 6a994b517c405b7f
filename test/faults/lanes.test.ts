import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { diaryScript } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import type { FleetWorker } from '../support/fleet.js';
import { kill } from '../support/processes.js';
import { printedRandom } from '../support/random.js';

const bench = aBench();

/** Red where another one of the group is alive: the system frees a lock with whoever dies. */
const ALONE = diaryScript('exec 9> ../group.lock; flock --nonblock 9 || { echo "another one is there"; exit 9; }; sleep 0.4');
const group = (prefix: string) => Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${prefix}-${index}.sh`, ALONE]));

test('files of a serial group never overlap, over two runs, while workers are told to leave and killed at random', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const random = printedRandom('lanes');
  const config = { heartbeatTimeoutMs: 1_500, maxLosses: 30, rules: [{ files: '*.sh', serial: 'group' }] };
  await project.addSuite('left', group('a'), config);
  await project.addSuite('right', group('b'), config);
  let workers: readonly FleetWorker[] = await Promise.all([fleet.startWorker(), fleet.startWorker(), fleet.startWorker()]);
  const runs = [startRun('left'), startRun('right')];
  let areOver = false;
  void Promise.all(runs).then(() => {
    areOver = true;
  });
  for (let round = 0; round < 8 && !areOver; round += 1) {
    await delay(300 + random() * 900); // The fault: any moment.
    const at = Math.floor(random() * workers.length);
    const victim = workers[at];
    if (victim === undefined) throw new Error('No worker is left.');
    kill(victim.pid, random() < 0.5 ? 'SIGTERM' : 'SIGKILL');
    await victim.process;
    workers = [...workers.filter((worker) => worker !== victim), await fleet.startWorker()];
  }
  for (const run of runs) expect((await run).exitCode).toBe(0);
  for (const suite of ['left', 'right']) {
    const report = await reportOf(suite);
    expect(report.totals).toMatchObject({ planned: 8, passed: 8 });
    for (const { attempts } of report.files) expect(attempts).toHaveLength(1);
  }
});
