import { mkdtemp, readFile, realpath, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createGitTrees } from '../../src/adapters/sources/git-trees.js';
import { saying } from '../support/cluster.js';
import { copyOf, diaryScript, readDiary } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import type { FleetWorker } from '../support/fleet.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { kill } from '../support/processes.js';
import { printedRandom } from '../support/random.js';
import { aRemote } from '../support/remote.js';
import { fileOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench({ control: false });
let postgres: PostgresServer;
let controls: FleetWorker[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(async () => {
  for (const { pid, process } of controls) {
    kill(pid, 'SIGKILL');
    await process;
  }
  controls = [];
});
afterAll(() => postgres?.stop());

const startControl = async () => {
  const control = await bench.fleet.startControl({ HOLDFAST_DATABASE_URL: postgres.url });
  controls.push(control);
  return control;
};
/** Kills one control worker, while another goes on, and starts it anew. */
const replaceControl = async () => {
  const [victim] = controls;
  if (victim === undefined) throw new Error('No control worker is left.');
  kill(victim.pid, 'SIGKILL');
  await victim.process;
  controls = controls.filter((control) => control !== victim);
  await startControl();
};
const rowsOf = async (sql: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rows;
  } finally {
    await client.end();
  }
};
const several = (count: number, script: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${100 + index}.sh`, script]));

test('B1: control workers are killed at random moments while two of them record: one row for each file (B2)', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const random = printedRandom('B1');
  await project.addSuite('rows', several(60, diaryScript('sleep 0.2')), { heartbeatTimeoutMs: 4_000 });
  await Promise.all([startControl(), startControl()]);
  await fleet.startWorker(2);
  const run = startRun('rows');
  await until('files run', async () => (await readDiary(project, 'rows')).copies.length > 1);
  for (let round = 0; round < 4; round += 1) {
    await delay(random() * 600); // The fault: any moment of recording and deciding.
    await replaceControl();
  }
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('rows');
  expect(report.totals).toMatchObject({ planned: 60, passed: 60 });
  for (const { attempts, losses } of report.files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
  expect((await readDiary(project, 'rows')).copies).toHaveLength(60); // No gap, and nothing ran a second time.
  const rows = await rowsOf(
    'select f.path, count(*)::int as count from holdfast.files f join holdfast.runs r on r.id = f.run_id where r.run = $1 group by f.path',
    ['rows'],
  );
  expect(rows).toHaveLength(60);
  expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
});

test('B3: the control worker is killed while it takes in a huge report: another goes on, and the counts are exact', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const cases = 30_000;
  const write = `awk 'BEGIN { print "<testsuites><testsuite name=\\"s\\">"; for (i = 0; i < ${cases}; i++) print "<testcase classname=\\"c\\" name=\\"case " i "\\"/>"; print "</testsuite></testsuites>" }' > "$HOLDFAST_FILE.xml"`;
  await project.addSuite(
    'huge',
    { 'a.sh': diaryScript(write), 'b.sh': diaryScript(write) },
    { report: { kind: 'junit', path: '{file}.xml' } },
  );
  await Promise.all([startControl(), startControl()]);
  await fleet.startWorker(2);
  const run = startRun('huge');
  await until('both files have ended', async () => {
    const { copies } = await readDiary(project, 'huge');
    return copies.length === 2 && copies.every(({ endedMs }) => endedMs !== null);
  });
  for (let round = 0; round < 3; round += 1) await replaceControl();
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('huge');
  expect(report.totals.cases).toMatchObject({ passed: 2 * cases });
  expect(fileOf(report, 'a.sh').attempts[0]?.cases).toHaveLength(cases);
  const [row] = await rowsOf(
    'select count(*)::int as count from holdfast.cases c join holdfast.attempts a on a.id = c.attempt_id join holdfast.runs r on r.id = a.run_id where r.run = $1',
    ['huge'],
  );
  expect(row).toEqual({ count: 2 * cases });
});

test('B4: the store is away for longer than the first retries: the run waits for it, and no test fails for it', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('away', several(12, diaryScript('sleep 0.3')));
  await startControl();
  await fleet.startWorker(2);
  const run = startRun('away');
  await copyOf(project, 'away', '103.sh');
  await postgres.interrupt();
  await delay(4_000); // The fault itself.
  await postgres.resume();
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('away');
  expect(report.totals).toMatchObject({ planned: 12, passed: 12 });
  for (const { attempts, losses } of report.files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
});

test('B4: a run that starts while the store is away starts when it is back', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('later', { 'a.sh': diaryScript() });
  await startControl();
  await fleet.startWorker();
  await postgres.interrupt();
  const run = startRun('later');
  await saying(run, /started/);
  await delay(2_000);
  await postgres.resume();
  expect((await run).exitCode).toBe(0);
  expect((await reportOf('later')).totals).toMatchObject({ planned: 1, passed: 1 });
});

test.each([
  ['a file that was cut short', (root: string) => truncate(join(root, 'a.sh'), 3)],
  ['a file that is gone', (root: string) => rm(join(root, 'a.sh'))],
  ['a repository that is gone', (root: string) => rm(join(root, '.git'), { recursive: true })],
  [
    'objects that are gone, and a file with other contents',
    async (root: string) => {
      await rm(join(root, '.git/objects'), { recursive: true });
      await writeFile(join(root, 'a.sh'), 'exit 1\n');
    },
  ],
])('B8: a tree in a worker’s cache with %s is found out at its first use, and made whole', async (_what, spoil) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-tree-')));
  try {
    const remote = await aRemote(join(folder, 'remote'));
    const commit = await remote.commit({ 'a.sh': 'echo whole\n' });
    const source = { kind: 'git', remote: remote.root, revision: 'main' } as const;
    const { root } = await createGitTrees(join(folder, 'trees'))(source, commit);
    await spoil(root);
    const again = await createGitTrees(join(folder, 'trees'))(source, commit); // Another worker of this machine.
    expect(await readFile(join(again.root, 'a.sh'), 'utf8')).toBe('echo whole\n');
    expect(again).toEqual({ root, commit });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
