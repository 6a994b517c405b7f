import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { saying, workersOf } from '../support/cluster.js';
import { kill, powerCut, processesIn, untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

let project: Project;
beforeEach(async () => {
  project = await aProject();
});
afterEach(async () => {
  await powerCut(project.root);
  await project.remove();
});

/** Writes a diary and waits for the gate. */
const GATED = 'echo "$HOLDFAST_FILE" >> diary; while [ ! -e gate ]; do sleep 0.05; done';
const started = (files: number) => until(`${files} files run`, async () => (await project.lines('unit/diary')).length >= files);
const stackLog = () => project.read('.holdfast/stack.log');

async function theWorker(): Promise<number> {
  const [pid] = await workersOf(project);
  if (pid === undefined) throw new Error('The stack has no worker.');
  return pid;
}

test('a worker of the stack that does not react any more is replaced, and the run goes on', async () => {
  await project.addSuite('unit', { 'a.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  const run = startCli(['run'], { cwd: project.root });
  await started(1);
  const stuck = await theWorker();
  kill(stuck, 'SIGSTOP');
  await project.write({ 'unit/gate': '' });
  expect(await run).toMatchObject({ exitCode: 0 });
  expect(await stackLog()).toContain(`The test worker, process ${stuck}, does not react any more and was killed.`);
});

test('patterns and reports that never end do not block the worker', async () => {
  await project.addSuite(
    'unit',
    {
      'pattern.sh':
        'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!; echo "<testsuite><testcase name="a"><failure/></testcase></testsuite>" > $2; exit 1',
      'pipe.sh': 'mkfifo $2',
      'device.sh': 'ln -s /dev/zero $2',
    },
    {
      command: ['sh', '{file}', '-', '{scratch}/report.xml'],
      report: { kind: 'junit', path: '{scratch}/report.xml' },
      retries: 1,
      retryOn: ['(a+)+$'],
      heartbeatTimeoutMs: 2_000,
    },
  );
  const { report } = await runSuite(project, 'unit');
  expect(report.files.map(({ path, losses, attempts }) => [path, losses, attempts.map(({ outcome }) => outcome)]).sort()).toEqual(
    [
      ['device.sh', [], ['crashed']],
      ['pattern.sh', [], ['failed']],
      ['pipe.sh', [], ['crashed']],
    ],
  );
  expect(await stackLog()).toContain('The pattern (a+)+$ takes too long on this output');
});

test('a stack whose worker does not react ends all the same, and the next command has one of its own', async () => {
  await project.addSuite('unit', { 'a.sh': 'true' });
  await project.write({ 'unit/gate': '' });
  const dev = startCli(['dev'], { cwd: project.root });
  await saying(dev, /The stack is up/);
  await until('its worker is there', async () => (await workersOf(project)).length === 1);
  kill(await theWorker(), 'SIGSTOP');
  dev.kill('SIGTERM');
  const { exitCode, stderr } = await runCli(['run'], { cwd: project.root });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await dev;
  await untilEmpty(project.root);
});

test('the server of the stack is killed: it is started again, and the run goes on with the same stack', async () => {
  const files = { 'a.sh': GATED, 'b.sh': GATED, 'c.sh': 'true' };
  await project.addSuite('unit', files, { heartbeatTimeoutMs: 4_000 });
  const running = runSuite(project, 'unit');
  await started(2);
  const before = JSON.parse(await project.read('.holdfast/stack.json'));
  const servers = (await processesIn(project.root)).filter(({ command }) => / server start-dev /.test(command));
  expect(servers).toHaveLength(1);
  for (const { pid } of servers) kill(pid, 'SIGKILL');
  await until('the server is started again', async () => (await stackLog()).includes('is started again'));
  await project.write({ 'unit/gate': '' });
  const { exitCode, report } = await running;
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed', 'c.sh': 'passed' });
  for (const { attempts } of report.files) expect(attempts).toHaveLength(1);
  expect(await stackLog()).toContain(`Temporal at ${before.temporalAddress}`);
});
