import { afterEach, expect, test } from 'vitest';
import { type CliProcess, runCli, startCli } from '../support/cli.js';
import { aRunningProject, saying } from '../support/cluster.js';
import { isAlive } from '../support/processes.js';
import { checkReport, fileOf, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject({ slots: 1 });
afterEach(async () => {
  await run;
});

let run: CliProcess;
const ctl = (...words: string[]) => runCli(['ctl', ...words], { cwd: project.root });
const startRun = (suite: string, args: readonly string[] = []): void => {
  run = startCli(['run', '--suite', suite, '--reporter', 'ci', '--reporter', `json=${suite}.json`, ...args], {
    cwd: project.root,
  });
};
const reportOf = async (suite: string) => checkReport(await project.read(`${suite}.json`));

/** Writes down that it runs and as what, then waits for its gate; there it ends with what stands in it. */
const GATED = `echo "$HOLDFAST_FILE $$" >> diary
while [ ! -s "gate-$HOLDFAST_FILE" ]; do sleep 0.05; done
exit "$(cat "gate-$HOLDFAST_FILE")"`;
const started = (suite: string, file: string) =>
  until(`${file} of ${suite} has started`, async () => {
    const line = (await project.lines(`${suite}/diary`)).find((one) => one.startsWith(`${file} `));
    return line === undefined ? undefined : Number(line.split(' ')[1]);
  });
const open = (suite: string, file: string, exitCode = 0) => project.write({ [`${suite}/gate-${file}`]: `${exitCode}` });

test('a paused run starts nothing further until it is resumed; both are recorded with who asked', async () => {
  await project.addSuite('paused', { 'a.sh': GATED, 'b.sh': GATED });
  startRun('paused', ['--max-in-flight', '1']);
  await started('paused', 'a.sh');
  expect((await ctl('pause')).stdout).toMatch(/^paused\/\S+: pause\.$/m);
  await open('paused', 'b.sh');
  await open('paused', 'a.sh');
  await saying(run, /passed +a\.sh/);
  expect((await ctl('pause')).stderr).toContain('The run is already paused. Nothing was changed');
  expect(await project.lines('paused/diary')).toHaveLength(1);
  expect((await ctl('resume')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(0);
  const report = await reportOf('paused');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed' });
  expect(report.run.changes.map(({ what }) => what)).toEqual(['pause', 'resume']);
  expect(report.run.changes[0]?.who).toMatch(/^\S+@\S+$/);
  expect((await run).stdout).toContain('Changed while running (2)');
});

test('files are skipped, cancelled and quarantined while they run or wait; the sums stay right', async () => {
  const names = ['a.sh', 'b.sh', 'c.sh', 'd.sh'];
  await project.addSuite('files', Object.fromEntries(names.map((name) => [name, GATED])));
  startRun('files', ['--max-in-flight', '1']);
  const pid = await started('files', 'a.sh');
  expect((await ctl('skip', 'b.sh')).exitCode).toBe(0);
  expect((await ctl('quarantine', 'c.sh')).exitCode).toBe(0);
  expect((await ctl('cancel', 'a.sh')).exitCode).toBe(0);
  await until('its processes are dead', async () => !(await isAlive(pid)));
  await open('files', 'c.sh', 1);
  await started('files', 'd.sh');
  const refused = await ctl('skip', 'c.sh');
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('c.sh already has its verdict') });
  await open('files', 'd.sh');
  expect((await run).exitCode).toBe(3);
  const report = await reportOf('files');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'notRun', 'b.sh': 'skipped', 'c.sh': 'quarantined', 'd.sh': 'passed' });
  expect(fileOf(report, 'a.sh').reason).toMatch(/^CancelledByUser: \S+@\S+$/);
  expect(fileOf(report, 'b.sh').reason).toMatch(/^SkippedByUser: /);
  expect(fileOf(report, 'c.sh').reason).toMatch(/^QuarantinedByUser: /);
  expect((await project.lines('files/diary')).map((line) => line.split(' ')[0])).toEqual(['a.sh', 'c.sh', 'd.sh']);
});

test('a timeout is extended while the file runs, and no further than its own length', async () => {
  await project.addSuite('extended', { 'a.sh': GATED }, { timeoutMs: 4_000, killGraceMs: 1_000 });
  startRun('extended');
  await started('extended', 'a.sh');
  expect((await ctl('extend', 'a.sh', '1h')).stderr).toContain('can be extended by at most 4000 ms more');
  expect((await ctl('extend', 'a.sh', '4s')).exitCode).toBe(0);
  await saying(run, /slow: a\.sh/);
  const { exitCode } = await run; // Nobody opens its gate: it runs to its new timeout.
  expect(exitCode).toBe(1);
  const { attempts } = fileOf(await reportOf('extended'), 'a.sh');
  expect(attempts).toMatchObject([{ outcome: 'timedOut', reason: 'past its timeout (8000 ms)' }]);
  expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(8_000);
});

test('the timeout of a run ends it with the rest not run; it can be set while it goes on', async () => {
  await project.addSuite('late', { 'a.sh': GATED, 'b.sh': GATED });
  startRun('late', ['--run-timeout', '1h']);
  const pid = await started('late', 'a.sh');
  expect((await ctl('run-timeout', '1ms')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(3);
  expect(await isAlive(pid)).toBe(false);
  const report = await reportOf('late');
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'notRun', 'b.sh': 'notRun' });
  expect(report.files.map(({ reason }) => reason)).toEqual(Array(2).fill('TimeoutExceeded: the run’s timeout of 0.001 s passed'));
});

test('the concurrency of a run is changed while it goes on', async () => {
  await project.addSuite('wide', { 'a.sh': GATED, 'b.sh': 'true' });
  startRun('wide');
  await started('wide', 'a.sh');
  expect((await ctl('concurrency', '1')).stdout).toContain('concurrency 1.');
  expect((await ctl('concurrency', 'auto')).stdout).toContain('concurrency auto.');
  await open('wide', 'a.sh');
  expect((await run).exitCode).toBe(0);
});

test.each<[string, readonly string[], string]>([
  ['a run that nobody knows', ['pause', 'narrow'], 'There is no run "narrow"'],
  ['no change', [], 'ctl needs a subcommand. See `holdfast ctl --help`.'],
  ['an unknown change', ['quarantin'], "unknown command 'quarantin' (Did you mean quarantine?)"],
  ['a run before the change', ['wide', 'pause'], "unknown command 'wide'. RUN comes last: `holdfast ctl pause RUN`."],
  ['a missing file', ['skip'], 'skip needs a FILE. See `holdfast ctl skip --help`.'],
  ['a missing duration', ['extend', 'a.sh'], 'extend needs a DURATION. See `holdfast ctl extend --help`.'],
  ['too many words', ['pause', 'a', 'b'], "too many arguments for 'pause'"],
  ['an absurd limit', ['concurrency', '0'], 'N|auto must be a whole number from 1 to 10000, or auto, not "0".'],
  ['a negative timeout', ['run-timeout', '-5s'], 'unknown option'],
  ['the old name of a change', ['deadline', '5s'], '`ctl deadline` is now called `ctl run-timeout`.'],
  ['a duration that is none', ['extend', 'a.sh', 'soon'], 'DURATION must be a duration such as 30s, 5m or 1h, not "soon".'],
])('%s is refused in a sentence', async (_, words, sentence) => {
  const { exitCode, stderr } = await ctl(...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(sentence) });
});

test('a run that has ended, and a file that is none, stay as they are', async () => {
  await project.addSuite('ended', { 'a.sh': GATED });
  startRun('ended', ['--run-id', 'over']);
  await started('ended', 'a.sh');
  expect((await ctl('skip', 'z.sh', 'ended/over')).stderr).toContain('z.sh is not a test file of this run. Nothing was changed');
  await open('ended', 'a.sh');
  expect((await run).exitCode).toBe(0);
  const { exitCode, stderr } = await ctl('pause', 'ended/over');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('ended/over has ended and can no longer be changed.'),
  });
});
