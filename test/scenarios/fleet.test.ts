import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { type ClientConnection, connectClient } from '../../src/adapters/temporal/connection.js';
import { type DevServer, startDevServer } from '../../src/adapters/temporal/dev-server.js';
import { type CliProcess, runCli, startCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { kill, powerCut } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

/** What a fleet shares: a Temporal server, a database that only control workers know, a place for objects. */
let server: DevServer;
let temporal: ClientConnection;
let postgres: PostgresServer;
let shared: string;
let project: Project;

beforeAll(async () => {
  shared = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-fleet-')));
  [postgres, server, project] = await Promise.all([
    startPostgres(),
    findTemporalBinary(process.env, () => undefined).then((binary) =>
      startDevServer({ binary, dbFile: join(shared, 'temporal.db'), logFile: join(shared, 'temporal.log') }),
    ),
    aProject({ slots: 1 }),
  ]);
  await server.ready;
  const { address } = server;
  temporal = await connectClient({ address, namespace: 'default', isConfigured: true, options: { address } });
});
afterAll(async () => {
  await powerCut(project.root);
  await powerCut(shared);
  await temporal?.connection.close();
  await server?.kill();
  await postgres?.stop();
  await project.remove();
  await rm(shared, { recursive: true, force: true });
});

type Variables = Readonly<Record<string, string>>;

/** A part of the installation `prefix`: each test has queues of its own, so that no worker of another one helps. */
const partOf = (prefix: string): Variables => ({
  TEMPORAL_ADDRESS: server.address,
  HOLDFAST_QUEUE_PREFIX: prefix,
  HOLDFAST_OBJECTS: join(shared, 'objects'),
});

/** A control worker in a folder of its own. */
async function startControl(prefix: string, name: string, more: Variables): Promise<{ process: CliProcess; said: string }> {
  const cwd = join(shared, prefix, name);
  await mkdir(cwd, { recursive: true });
  const process = startCli(['control'], { cwd, env: { ...partOf(prefix), ...more } });
  return { process, said: await saying(process, /polls \S+\.control/) };
}
const startControlOnPostgres = (prefix: string, name: string) =>
  startControl(prefix, name, { HOLDFAST_DATABASE_URL: postgres.url });

/** A test worker with one slot, where the code is. It knows no database. */
async function startWorker(prefix: string): Promise<{ process: CliProcess }> {
  const worker = startCli(['worker'], { cwd: project.root, env: partOf(prefix) });
  await saying(worker, /polls \S+\.tests with 1 slots/);
  return { process: worker };
}

/** Ends only once files run on two workers at the same time. */
const MEETING = 'echo "$HOLDFAST_WORKER" >> workers; while [ $(sort -u workers | wc -l) -lt 2 ]; do sleep 0.05; done';
const twelve = (script: string) => Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index + 10}.sh`, script]));

test('two control workers and two test workers on PostgreSQL: a suite ends green on both, and is found from elsewhere', async () => {
  await project.addSuite('both', twelve(MEETING));
  // Together, as on a fleet's first day: one of the two makes the tables.
  await Promise.all([startControlOnPostgres('both', 'one'), startControlOnPostgres('both', 'two')]);
  const workers = await Promise.all([startWorker('both'), startWorker('both')]);
  const { exitCode, report } = await runSuite(project, 'both', [], partOf('both'));
  expect({ exitCode, totals: report.totals }).toMatchObject({ exitCode: 0, totals: { planned: 12, passed: 12 } });
  const used = new Set(report.files.flatMap(({ attempts }) => attempts.map(({ worker }) => worker.split('/').at(-1))));
  expect(used).toEqual(new Set(workers.map(({ process }) => String(process.pid))));

  // Another machine: no project, no objects, nothing but the server's address and the queues' name.
  const elsewhere = join(shared, 'elsewhere');
  await mkdir(elsewhere);
  const env = { TEMPORAL_ADDRESS: server.address, HOLDFAST_QUEUE_PREFIX: 'both' };
  const list = await runCli(['list', '--json'], { cwd: elsewhere, env });
  expect(JSON.parse(list.stdout)).toMatchObject({ runs: [{ suite: 'both', runId: report.run.id, status: 'passed' }] });
  const show = await runCli(['show', `both/${report.run.id}`, '--json'], { cwd: elsewhere, env });
  expect(await checkReport(show.stdout)).toEqual(report);
});

/** The process id of the control worker that drove this run last: it alone has the workflow in memory. */
async function driverOf(runId: string): Promise<number> {
  const { events } = await temporal.client.workflow.getHandle(runId).fetchHistory();
  const drivers = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: done }) => done?.identity ?? []);
  return Number(drivers.at(-1)?.split('/').at(-1));
}

test('the control worker that drives a run is killed: another goes on, nothing is lost and nothing runs twice', async () => {
  const gated = 'echo "$HOLDFAST_FILE" >> diary; mkdir first 2>/dev/null || while [ ! -e gate ]; do sleep 0.05; done';
  await project.addSuite('killed', twelve(gated)); // Only the first to run ends by itself.
  const controls = await Promise.all([startControlOnPostgres('killed', 'one'), startControlOnPostgres('killed', 'two')]);
  await Promise.all([startWorker('killed'), startWorker('killed')]);
  const running = runSuite(project, 'killed', ['--run-id', 'x'], partOf('killed'));
  await until('one file has ended and two run', async () => (await project.lines('killed/diary')).length === 3);
  const driver = await driverOf('suite/killed/x');
  expect(controls.map(({ process }) => process.pid)).toContain(driver);
  kill(driver, 'SIGKILL');
  await project.write({ 'killed/gate': '' });

  const { exitCode, report } = await running;
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual(Object.fromEntries(Object.keys(twelve('')).map((path) => [path, 'passed'])));
  for (const { attempts, losses } of report.files)
    expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
  expect((await project.lines('killed/diary')).sort()).toEqual(Object.keys(twelve('')).sort());
  expect(await driverOf('suite/killed/x')).not.toBe(driver);

  // Its report tells the rest: what has ended is asked of nobody.
  for (const { process } of controls) process.kill('SIGKILL');
  const attached = await runCli(['attach', 'killed/x'], { cwd: project.root, env: partOf('killed') });
  expect(attached.exitCode).toBe(0);
  const told = attached.stdout.matchAll(/^passed +(\S+)/gm);
  expect([...told].map(([, file]) => file).sort()).toEqual(Object.keys(twelve('')).sort());
});

test('a run without a worker says so within 5 s, and goes on when one comes, without any retry', async () => {
  await project.addSuite('late', { 'a.sh': 'true', 'b.sh': 'true' }, { retries: 0, maxLosses: 0 });
  await startControlOnPostgres('late', 'one');
  const run = startCli(['run', '--suite', 'late', '--reporter', 'ci', '--reporter', 'json=late.json'], {
    cwd: project.root,
    env: partOf('late'),
  });
  await saying(run, /run \S+ of suite late started/);
  const startedMs = performance.now();
  await saying(run, /waiting: a test worker: none polls late\.tests \(start one with `holdfast worker`\)/);
  expect(performance.now() - startedMs).toBeLessThan(5_000);

  await startWorker('late');
  expect((await run).exitCode).toBe(0);
  const { files } = await checkReport(await project.read('late.json'));
  for (const { attempts, losses } of files) expect({ attempts: attempts.length, losses }).toEqual({ attempts: 1, losses: [] });
  expect(files).toHaveLength(2);
});

test('a control worker without a database says where it keeps results, for itself alone', async () => {
  const { process: control, said } = await startControl('embedded', 'one', {});
  const folder = join(shared, 'embedded', 'one', '.holdfast', 'results');
  expect(said).toContain(`No HOLDFAST_DATABASE_URL: results are kept in ${folder}, for this control worker alone.`);
  control.kill('SIGTERM');
  expect((await control).exitCode).toBe(0);
});
