import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { copyOf, diaryScript, GATED, openGate, readDiary } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, kill } from '../support/processes.js';
import { fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();
const holdfast = (...args: string[]) => runCli(args, { cwd: bench.project.root, env: bench.fleet.env });

test('V1: a cancelled run ends its tests within a beat, and nothing changes it later; a finished one cannot be cancelled', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('ended', { 'a.sh': diaryScript() });
  await project.addSuite('cut', { 'a.sh': GATED, 'b.sh': GATED, 'c.sh': GATED });
  await fleet.startWorker(2);
  expect((await startRun('ended')).exitCode).toBe(0);
  const cancelled = await holdfast('cancel', 'ended/ended');
  expect(cancelled.stdout + cancelled.stderr).toMatch(/ended|finished/);
  expect(JSON.parse((await holdfast('show', 'ended/ended', '--json')).stdout).run.status).toBe('passed');

  const run = startRun('cut');
  const copies = await until('two files run', async () => {
    const { copies } = await readDiary(project, 'cut');
    return copies.length === 2 && copies;
  });
  await holdfast('cancel', 'cut/cut');
  await until('their processes are dead', async () => !(await Promise.all(copies.map(({ pid }) => isAlive(pid)))).some(Boolean));
  expect((await run).exitCode).toBe(130);
  const report = await reportOf('cut');
  expect(report.totals).toMatchObject({ planned: 3, notRun: 3, lost: 0 });
  await holdfast('cancel', 'cut/cut');
  expect(JSON.parse((await holdfast('show', 'cut/cut', '--json')).stdout)).toEqual(report);
  expect((await readDiary(project, 'cut')).copies).toHaveLength(2);
});

test('V3: three red of three make it failed; after two of three it is open, and green then is flaky (V11, V14)', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const third = diaryScript('[ "$HOLDFAST_ATTEMPT" = 3 ]');
  await project.addSuite('red', { 'always.sh': diaryScript('exit 1'), 'third.sh': third }, { retries: 2, maxFailures: 2 });
  await fleet.startWorker();
  const { exitCode, stdout } = await startRun('red');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/flaky +third\.sh/);
  const report = await reportOf('red');
  // Five red attempts, one file finally failed: the limit of two was never reached.
  expect(verdictsOf(report)).toEqual({ 'always.sh': 'failed', 'third.sh': 'flaky' });
  expect(fileOf(report, 'always.sh').attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
  expect(fileOf(report, 'third.sh').attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'passed']);
});

test('V5: a result of an attempt that was given up changes no verdict', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('late', { 'a.sh': GATED, 'z.sh': GATED }, { heartbeatTimeoutMs: 1_500 });
  const frozen = await fleet.startWorker();
  const run = startRun('late');
  const first = await until('a file runs', async () => (await readDiary(project, 'late')).copies[0]);
  kill(frozen.pid, 'SIGSTOP');
  await openGate(project, 'late', first, 1); // Red, but nobody can say so in time.
  await until('its test has ended', async () => !(await isAlive(first.pid)));
  const other = await fleet.startWorker(2);
  const second = await copyOf(project, 'late', first.file, 2);
  await openGate(project, 'late', second);
  const rest = { ...second, file: first.file === 'a.sh' ? 'z.sh' : 'a.sh', worker: other.name };
  await copyOf(project, 'late', rest.file);
  await until('the verdict is there', async () => (await holdfast('show', 'late/late', '--json')).exitCode !== null);
  kill(frozen.pid, 'SIGCONT');
  await openGate(project, 'late', rest);
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('late');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'z.sh': 'passed' });
  expect(fileOf(report, first.file).attempts).toMatchObject([{ outcome: 'passed', worker: other.name }]);
});

test('V7: with one worker only a retry ends too', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('alone', { 'a.sh': diaryScript('[ "$HOLDFAST_ATTEMPT" = 2 ]') }, { retries: 1 });
  const one = await fleet.startWorker();
  expect((await startRun('alone')).exitCode).toBe(0);
  const { attempts } = fileOf(await reportOf('alone'), 'a.sh');
  expect(attempts.map(({ worker, outcome }) => ({ worker, outcome }))).toEqual([
    { worker: one.name, outcome: 'failed' },
    { worker: one.name, outcome: 'passed' },
  ]);
});

test('V7: while others have nothing to do, each retry lands on another worker', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('others', { 'a.sh': diaryScript('[ "$HOLDFAST_ATTEMPT" = 8 ]') }, { retries: 7 });
  await Promise.all([fleet.startWorker(), fleet.startWorker(), fleet.startWorker()]);
  expect((await startRun('others')).exitCode).toBe(0);
  const workers = fileOf(await reportOf('others'), 'a.sh').attempts.map(({ worker }) => worker);
  expect(workers).toHaveLength(8);
  for (const [index, worker] of workers.slice(1).entries()) expect(worker).not.toBe(workers[index]);
});

test('V8: a retry comes before work that nobody has started', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const scripts = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${10 + index}.sh`, diaryScript()]));
  await project.addSuite('first', { ...scripts, '00.sh': diaryScript('[ "$HOLDFAST_ATTEMPT" = 2 ]') }, { retries: 1 });
  await fleet.startWorker();
  expect((await startRun('first')).exitCode).toBe(0);
  await reportOf('first');
  const order = (await readDiary(project, 'first')).copies.map(({ file }) => file);
  const [red = -1, again = -1] = order.flatMap((file, index) => (file === '00.sh' ? [index] : []));
  expect(again - red, order.join(' ')).toBeLessThanOrEqual(2); // One file may have been on its way to the slot already.
});

test('V9: a run that goes on is never told as failed for what is still open (V3)', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('open', { 'a.sh': diaryScript('[ "$HOLDFAST_ATTEMPT" = 2 ] && holds gate') }, { retries: 1 });
  await fleet.startWorker();
  const run = startRun('open');
  await copyOf(project, 'open', 'a.sh', 2);
  const { stdout } = await holdfast('list', '--json');
  const { runs }: { runs: { runId: string; status: string }[] } = JSON.parse(stdout);
  expect(runs.find(({ runId }) => runId === 'open')?.status).toBe('running');
  await project.write({ 'open/gate': '' });
  expect((await run).exitCode).toBe(0);
  expect(verdictsOf(await reportOf('open'))).toEqual({ 'a.sh': 'flaky' });
});

test('V10: a suite without any file is an error that says so', async () => {
  const { project, fleet, startRun } = bench;
  await project.addSuite('empty', {});
  await project.write({ 'empty/readme.txt': '' });
  await fleet.startWorker();
  const { exitCode, stdout, stderr } = await startRun('empty');
  expect(exitCode).toBe(4);
  expect(stdout + stderr).toMatch(/no file in .* matches/);
});

test('V12: an infra-error reads neither as a pass nor as a failure of the test', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('nobody', { 'a.sh': GATED, 'b.sh': diaryScript() }, { maxLosses: 0 });
  const one = await fleet.startWorker();
  const run = startRun('nobody', ['--reporter', 'junit=nobody.xml']);
  await copyOf(project, 'nobody', 'a.sh');
  kill(one.pid, 'SIGTERM');
  await one.process;
  await fleet.startWorker();
  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(3);
  expect(stdout).toContain('failed 0');
  expect(verdictsOf(await reportOf('nobody'))).toEqual({ 'a.sh': 'infraError', 'b.sh': 'passed' });
  expect(await project.read('nobody.xml')).toMatch(/<error/);
});

test('V13: the same run id twice is one run', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('twice', { 'a.sh': GATED });
  await fleet.startWorker();
  const one = startRun('twice');
  const copy = await copyOf(project, 'twice', 'a.sh');
  const two = startRun('twice');
  await saying(two, /already running/);
  await openGate(project, 'twice', copy);
  expect([(await one).exitCode, (await two).exitCode]).toEqual([0, 0]);
  expect((await reportOf('twice')).totals).toMatchObject({ planned: 1, passed: 1 });
  expect((await readDiary(project, 'twice')).copies).toHaveLength(1);
});
