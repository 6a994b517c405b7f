import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { type Fleet, type FleetWorker, startFleet } from '../support/fleet.js';
import { isAlive, kill } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

let project: Project;
let fleet: Fleet;
let workers: FleetWorker[] = [];
beforeAll(async () => {
  project = await aProject();
  fleet = await startFleet(project);
});
afterEach(async () => {
  for (const { pid, process } of workers) {
    kill(pid, 'SIGCONT');
    kill(pid, 'SIGTERM');
    await process;
  }
  workers = [];
});
afterAll(async () => {
  await fleet?.stop();
  await project.remove();
});

async function startWorkers(count: number): Promise<void> {
  workers.push(...(await Promise.all(Array.from({ length: count }, () => fleet.startWorker()))));
}

/** Writes down who runs it, then waits until that worker's gate is open; there it ends with what stands in the gate. */
const GATED = `echo "$HOLDFAST_FILE $HOLDFAST_WORKER $$" >> diary
gate=gate-\${HOLDFAST_WORKER##*/}-$HOLDFAST_FILE
while [ ! -e "$gate" ]; do sleep 0.05; done
exit "$(cat "$gate")"`;
const DIARY = 'echo "$HOLDFAST_FILE $HOLDFAST_WORKER $$" >> diary';

type Entry = { readonly file: string; readonly worker: string; readonly pid: number };
async function diaryOf(suite: string): Promise<Entry[]> {
  return (await project.lines(`${suite}/diary`)).map((line) => {
    const [file = '', worker = '', pid = ''] = line.split(' ');
    return { file, worker, pid: Number(pid) };
  });
}
/** Waits until a file has been started so many times, and returns the last. */
const started = (suite: string, file: string, times = 1) =>
  until(`${file} has started ${times} times`, async () => (await diaryOf(suite)).filter((one) => one.file === file)[times - 1]);
const open = (suite: string, { file, worker }: Entry, exitCode = 0) =>
  project.write({ [`${suite}/gate-${worker.split('/').at(-1)}-${file}`]: `${exitCode}` });
const workerNamed = (name: string) => workers.find((worker) => worker.name === name)?.pid ?? Number.NaN;

const startRun = (suite: string) =>
  startCli(['run', '--suite', suite, '--reporter', `json=${suite}.json`], { cwd: project.root, env: fleet.env });
const reportOf = async (suite: string) => checkReport(await project.read(`${suite}.json`));

test('a run without any worker waits and says for what; it goes on with the first that comes (F26)', async () => {
  await project.addSuite('waiting', { 'a.sh': DIARY });
  const run = startRun('waiting');
  await saying(run, /holdfast worker/);
  expect(await diaryOf('waiting')).toEqual([]);
  await startWorkers(1);
  expect((await run).exitCode).toBe(0);
  expect(verdictsOf(await reportOf('waiting'))).toEqual({ 'a.sh': 'passed' });
});

test('a worker that is killed loses its file to another; no attempt of the test is used up (F23, G02)', async () => {
  await project.addSuite('killed', { 'a.sh': GATED, 'b.sh': DIARY, 'c.sh': DIARY }, { heartbeatTimeoutMs: 4_000 });
  await startWorkers(2);
  const run = startRun('killed');
  const first = await started('killed', 'a.sh');
  kill(workerNamed(first.worker), 'SIGKILL');
  await until('its test is dead too', async () => !(await isAlive(first.pid)));
  expect((await diaryOf('killed')).filter(({ file }) => file === 'a.sh')).toEqual([first]); // Two copies never ran at once.
  const second = await started('killed', 'a.sh', 2);
  expect(second.worker).not.toBe(first.worker);
  await open('killed', second);

  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(0);
  const report = await reportOf('killed');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed', 'c.sh': 'passed' });
  const { attempts, losses } = fileOf(report, 'a.sh');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
  expect(losses[0]?.lostMs).toBeGreaterThan(0);
  expect(losses[0]?.resumedAfterMs).toBeGreaterThanOrEqual(0);
  expect(stdout).toContain('lost 0; counted twice 0');
  expect((await diaryOf('killed')).map(({ file }) => file).sort()).toEqual(['a.sh', 'a.sh', 'b.sh', 'c.sh']);
});

test('a worker that is told to leave gives its file back at once, without any timeout (F24)', async () => {
  // Nobody would call this worker lost before the test itself has given up.
  await project.addSuite('preempted', { 'a.sh': GATED, 'b.sh': DIARY }, { heartbeatTimeoutMs: 300_000 });
  await startWorkers(2);
  const run = startRun('preempted');
  const first = await started('preempted', 'a.sh');
  kill(workerNamed(first.worker), 'SIGTERM');
  const second = await started('preempted', 'a.sh', 2);
  expect(second.worker).not.toBe(first.worker);
  expect(await isAlive(first.pid)).toBe(false);
  const left = workers.find(({ name }) => name === first.worker);
  expect((await left?.process)?.exitCode).toBe(0);
  await open('preempted', second);

  expect((await run).exitCode).toBe(0);
  const { verdict, attempts, losses } = fileOf(await reportOf('preempted'), 'a.sh');
  expect(verdict).toBe('passed');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
  expect(losses).toMatchObject([{ cause: 'preempted', worker: first.worker }]);
  expect((await diaryOf('preempted')).map(({ file }) => file).sort()).toEqual(['a.sh', 'a.sh', 'b.sh']);
});

test('a worker that froze and thaws changes no verdict with its late result (F34)', async () => {
  await project.addSuite('frozen', { 'a.sh': GATED, 'b.sh': GATED }, { heartbeatTimeoutMs: 2_000 });
  await project.addSuite('thawed', { 'c.sh': DIARY });
  await startWorkers(2);
  const run = startRun('frozen');
  const [first, other] = await until('both workers have a file', async () => {
    const [one, two] = await diaryOf('frozen');
    return one && two && ([one, two] as const);
  });
  kill(workerNamed(first.worker), 'SIGSTOP');
  await open('frozen', first, 1); // Red, while nobody can say so.
  await until('its test has ended', async () => !(await isAlive(first.pid)));
  await open('frozen', other);
  const second = await started('frozen', first.file, 2);
  expect(second.worker).toBe(other.worker);

  // The other worker is busy: whoever takes the next file has got rid of the old one.
  kill(workerNamed(first.worker), 'SIGCONT');
  expect((await startRun('thawed')).exitCode).toBe(0);
  expect((await diaryOf('thawed')).map(({ worker }) => worker)).toEqual([first.worker]);
  await open('frozen', second);

  expect((await run).exitCode).toBe(0);
  const report = await reportOf('frozen');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed' });
  const { attempts, losses } = fileOf(report, first.file);
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', worker: second.worker }]);
  expect(losses).toMatchObject([{ cause: 'heartbeatTimeout', worker: first.worker }]);
  expect((await diaryOf('frozen')).map(({ file }) => file).sort()).toEqual(['a.sh', 'b.sh', first.file].sort());
});
