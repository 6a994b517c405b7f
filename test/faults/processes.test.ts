import { expect, test } from 'vitest';
import { copyOf, diaryScript } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { isAlive, processesIn } from '../support/processes.js';
import { fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const bench = aBench();

test('P1: segfault, exit(0) before the report, and a kill from outside are crashes with their signal; others are unaffected', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('crashes', {
    'killed.sh': diaryScript('kill -KILL $$; sleep 5'), // What the system does when memory is out.
    'segfault.sh': diaryScript('kill -SEGV $$; sleep 5'),
    'well.sh': diaryScript(),
  });
  await project.addSuite(
    'early',
    {
      'early.sh': diaryScript('exit 0'),
      'well.sh': diaryScript(
        `echo '<testsuites><testsuite name="s"><testcase name="c"/></testsuite></testsuites>' > "$HOLDFAST_FILE.xml"`,
      ),
    },
    { report: { kind: 'junit', path: '{file}.xml' } },
  );
  await fleet.startWorker(2);
  expect((await startRun('crashes')).exitCode).toBe(1);
  const crashes = await reportOf('crashes');
  expect(verdictsOf(crashes)).toEqual({ 'killed.sh': 'failed', 'segfault.sh': 'failed', 'well.sh': 'passed' });
  expect(fileOf(crashes, 'killed.sh')).toMatchObject({ attempts: [{ outcome: 'crashed', signal: 'SIGKILL' }], losses: [] });
  expect(fileOf(crashes, 'segfault.sh')).toMatchObject({ attempts: [{ outcome: 'crashed', signal: 'SIGSEGV' }], losses: [] });

  expect((await startRun('early')).exitCode).toBe(1);
  const early = await reportOf('early');
  expect(verdictsOf(early)).toEqual({ 'early.sh': 'failed', 'well.sh': 'passed' });
  expect(fileOf(early, 'early.sh').attempts).toMatchObject([{ outcome: 'crashed', exitCode: 0 }]);
});

test('P2: a busy loop that hears no SIGTERM is killed at the end of its grace period', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const loop = `python3 -c 'import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True: pass'`;
  await project.addSuite('stuck', { 'a.sh': `trap '' TERM\n${diaryScript(loop)}`, 'b.sh': diaryScript() }, { timeoutMs: 1_000 });
  await fleet.startWorker(2);
  const run = startRun('stuck');
  const first = await copyOf(project, 'stuck', 'a.sh');
  expect((await run).exitCode).toBe(1);
  expect(await isAlive(first.pid)).toBe(false);
  const report = await reportOf('stuck');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'failed', 'b.sh': 'passed' });
  const [attempt] = fileOf(report, 'a.sh').attempts;
  expect(attempt).toMatchObject({ outcome: 'timedOut', reason: expect.stringContaining('SIGTERM') });
  expect(attempt?.durationMs).toBeGreaterThan(1_000);
});

test('P3: a test that ignores SIGTERM, with grandchildren in its group and in sessions of their own: all of them are gone', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const body = `trap '' TERM
setsid sh -c 'trap "" TERM; echo $$ >> family; while :; do sleep 1; done' &
sh -c 'trap "" TERM; echo $$ >> family; sleep 600' &
while [ "$(wc -l < family 2>/dev/null || echo 0)" -lt 2 ]; do sleep 0.05; done
while :; do sleep 1; done`;
  await project.addSuite('family', { 'a.sh': `trap '' TERM\n${diaryScript(body)}` }, { timeoutMs: 1_500 });
  await fleet.startWorker();
  expect((await startRun('family')).exitCode).toBe(1);
  const family = (await project.lines('family/family')).map(Number);
  expect(family).toHaveLength(2);
  await until('its family is dead', async () => !(await Promise.all(family.map(isAlive))).some(Boolean));
  expect(fileOf(await reportOf('family'), 'a.sh').attempts).toMatchObject([{ outcome: 'timedOut' }]);
  await until('no process of the test is left', async () => {
    const left = await processesIn(`${project.root}/family`);
    return left.length === 0;
  });
});

test('P4: what was printed before the kill is kept', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  await project.addSuite('said', { 'a.sh': diaryScript('echo the last words; exec sleep 600') }, { timeoutMs: 1_000 });
  await fleet.startWorker();
  const { exitCode, stdout } = await startRun('said');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('the last words');
  expect(fileOf(await reportOf('said'), 'a.sh').attempts).toMatchObject([
    { outcome: 'timedOut', outputTail: expect.stringContaining('the last words') },
  ]);
});

test('P5: 100 MB of output: the run is fine, the output is capped with a note', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const body = 'echo first; head -c 100000000 /dev/zero | tr "\\0" x; echo; echo last; exit 1';
  await project.addSuite('loud', { 'a.sh': diaryScript(body), 'b.sh': diaryScript() });
  await fleet.startWorker(2);
  expect((await startRun('loud')).exitCode).toBe(1);
  const report = await reportOf('loud');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'failed', 'b.sh': 'passed' });
  const [attempt] = fileOf(report, 'a.sh').attempts;
  expect(attempt?.outputTail).toContain('last');
  const output = await project.read(`.holdfast/objects/${attempt?.output}`);
  expect(output.length).toBeLessThan(10_000_000);
  expect(output.startsWith('first')).toBe(true);
  expect(output).toMatch(/left out/);
});

test('P6: a file that kills its worker each time ends as infra-error after its budget; the run goes on', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const poison = diaryScript(`kill -KILL "\${HOLDFAST_WORKER##*/}"; sleep 600`);
  await project.addSuite(
    'poison',
    { 'a.sh': poison, 'b.sh': diaryScript(), 'c.sh': diaryScript() },
    { maxLosses: 2, heartbeatTimeoutMs: 1_500 },
  );
  const run = startRun('poison');
  let hasEnded = false;
  void run.then(() => {
    hasEnded = true;
  });
  let killed = 0;
  while (!hasEnded) {
    const worker = await fleet.startWorker();
    await Promise.race([run, worker.process]);
    if (!hasEnded) killed += 1;
  }
  expect(killed).toBe(3); // The budget of two, and the one that was too many.
  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(3);
  expect(stdout).toContain('infra-error 1');
  const report = await reportOf('poison');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'infraError', 'b.sh': 'passed', 'c.sh': 'passed' });
  const { attempts, losses } = fileOf(report, 'a.sh');
  expect(attempts).toEqual([]);
  expect(losses.map(({ cause }) => cause)).toEqual(['heartbeatTimeout', 'heartbeatTimeout', 'heartbeatTimeout']);
});
