import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { kill, powerCut, processesIn, untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

let project: Project;
beforeEach(async () => {
  project = await aProject();
});
afterEach(async () => {
  await powerCut(project.root);
  await project.remove();
});

/** Writes a diary; the files of the second half wait for the gate. */
const FAST = 'echo "$HOLDFAST_FILE" >> diary';
const GATED = `${FAST}; while [ ! -e gate ]; do sleep 0.05; done`;

test('after a crash of everything the same command goes on with the same run: nothing lost, nothing twice', async () => {
  const gated = ['b1.sh', 'b2.sh', 'b3.sh'];
  await project.addSuite(
    'unit',
    { 'a1.sh': FAST, 'a2.sh': FAST, ...Object.fromEntries(gated.map((path) => [path, GATED])) },
    { heartbeatTimeoutMs: 4_000, order: 'path' },
  );
  const client = startCli(['run', '--suite', 'unit'], { cwd: project.root });
  await Promise.all([saying(client, /passed +a1\.sh/), saying(client, /passed +a2\.sh/)]);
  await until('two gated files run', async () => new Set(await project.lines('unit/diary')).size === 4);
  await powerCut(project.root);
  await client;
  expect(await processesIn(project.root)).toEqual([]);
  const before = await project.lines('unit/diary');
  const [last] = JSON.parse(await project.read('.holdfast/last-run.json')).runs;

  await project.write({ 'unit/gate': '' });
  const { exitCode, stdout, report } = await runSuite(project, 'unit');
  expect(stdout).toContain('was interrupted; it continues');
  expect({ exitCode, runId: report.run.id }).toEqual({ exitCode: 0, runId: last.runId });
  expect(verdictsOf(report)).toEqual(Object.fromEntries(['a1.sh', 'a2.sh', ...gated].map((path) => [path, 'passed'])));
  const diary = await project.lines('unit/diary');
  for (const { path, attempts, losses } of report.files) {
    const wasCutOff = gated.includes(path) && before.includes(path);
    expect(attempts).toMatchObject([{ number: 1, outcome: 'passed' }]);
    expect(losses.map(({ cause }) => cause)).toEqual(wasCutOff ? ['heartbeatTimeout'] : []);
    expect(diary.filter((line) => line === path)).toHaveLength(1 + losses.length); // What had ended before does not run again.
  }
});

test('a stack whose host is killed takes its server, its workers and their tests along, and blocks no next start', async () => {
  await project.addSuite('unit', { 'a.sh': `sleep 600 & ${GATED}` });
  const client = startCli(['run', '--run-id', 'held'], { cwd: project.root });
  await until('the file runs', async () => (await project.lines('unit/diary')).length === 1);
  const { pid } = JSON.parse(await project.read('.holdfast/stack.json'));
  kill(Number(pid), 'SIGKILL');
  kill(client.pid ?? 0, 'SIGKILL');
  await client;
  await untilEmpty(project.root);

  await project.write({ 'unit/gate': '' });
  const other = await runCli(['run', '--run-id', 'fresh', '--reporter', 'json=-'], { cwd: project.root });
  expect(other.exitCode).toBe(0);
  expect((await checkReport(other.stdout)).run.id).toBe('fresh');
});

test('a run without a stack of its own leaves no process behind, and the next one starts at once', async () => {
  await project.addSuite('unit', { 'a.sh': 'sleep 600 & true' });
  for (const runId of ['first', 'second']) {
    const { exitCode, report } = await runSuite(project, 'unit', ['--run-id', runId]);
    expect({ exitCode, runId: report.run.id }).toEqual({ exitCode: 0, runId });
    expect(await processesIn(project.root)).toEqual([]);
  }
});
