import { expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { checkReport, fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject();

/** Red until its third attempt. */
const FLAKY = 'echo "attempt $HOLDFAST_ATTEMPT"; [ "$HOLDFAST_ATTEMPT" -ge 3 ]';

test('every file ends with exactly one verdict, and the counts add up', async () => {
  await project.addSuite('all-green', { 'a.sh': 'true', 'b.sh': 'true', 'sub/c.sh': 'true' });
  await project.addSuite('mixed', { 'green.sh': 'true', 'red.sh': 'echo "expected 2, got 3"; exit 1', 'skipped.sh': 'exit 77' });

  const green = await runSuite(project, 'all-green');
  expect(green).toMatchObject({ exitCode: 0, report: { run: { status: 'passed', exitCode: 0, problem: null } } });
  expect(verdictsOf(green.report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed', 'sub/c.sh': 'passed' });

  const red = await runSuite(project, 'mixed');
  expect(red).toMatchObject({ exitCode: 1, report: { run: { status: 'failed', exitCode: 1 } } });
  expect(verdictsOf(red.report)).toEqual({ 'green.sh': 'passed', 'red.sh': 'failed', 'skipped.sh': 'passed' });
  expect(red.report.totals.cases).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(red.stdout).toContain('expected 2, got 3');
  expect(red.stdout).toContain(
    'planned 3 = passed 2 + flaky 0 + failed 1 + quarantined 0 + skipped 0 + not run 0 + infra-error 0; lost 0; counted twice 0',
  );
});

test('a file that passes after red attempts is green and listed as flaky, with every attempt kept', async () => {
  await project.addSuite('flaky', { 'flaky.sh': FLAKY, 'steady.sh': 'true' });

  const { exitCode, report, stdout } = await runSuite(project, 'flaky', ['--retries', '2']);
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'flaky.sh': 'flaky', 'steady.sh': 'passed' });
  expect(stdout).toMatch(/^Flaky \(1\)$/m);
  const { attempts, losses } = fileOf(report, 'flaky.sh');
  expect(attempts.map(({ number, outcome, exitCode }) => ({ number, outcome, exitCode }))).toEqual([
    { number: 1, outcome: 'failed', exitCode: 1 },
    { number: 2, outcome: 'failed', exitCode: 1 },
    { number: 3, outcome: 'passed', exitCode: 0 },
  ]);
  expect(losses).toEqual([]);
  expect(attempts.map(({ outputTail }) => outputTail)).toEqual(['attempt 1\n', 'attempt 2\n', '']);
  expect(new Set(attempts.map(({ output }) => output)).size).toBe(3);
  for (const { worker, startedAt, durationMs } of attempts) {
    expect(worker).toMatch(/^\S+\/\d+$/);
    expect(Date.parse(startedAt)).toBeGreaterThan(0);
    expect(durationMs).toBeGreaterThan(0);
  }
});

test('retries count attempts, and one too few is red', async () => {
  await project.addSuite('flaky', { 'flaky.sh': FLAKY });
  const { exitCode, report } = await runSuite(project, 'flaky', ['--retries', '1']);
  expect(exitCode).toBe(1);
  expect(fileOf(report, 'flaky.sh')).toMatchObject({ verdict: 'failed', attempts: [{ number: 1 }, { number: 2 }] });
});

test('--fail-on-flaky makes a flaky file fail the run', async () => {
  await project.addSuite('flaky', { 'flaky.sh': FLAKY });
  const { exitCode, report } = await runSuite(project, 'flaky', ['--retries', '2', '--fail-on-flaky']);
  expect(exitCode).toBe(1);
  expect(report).toMatchObject({ run: { status: 'failed' }, totals: { flaky: 1, failed: 0 } });
});

test('a file that is killed, crashes or hangs keeps its output and names its end; the others are unaffected', async () => {
  await project.addSuite(
    'deadly',
    {
      'crash.sh': 'echo "before the kill"; kill -9 $$',
      'hang.sh': 'echo "before the hang"; sleep 600',
      'green.sh': 'true',
    },
    { timeoutMs: 1_000 },
  );
  const { exitCode, report, stdout } = await runSuite(project, 'deadly');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'crash.sh': 'failed', 'hang.sh': 'failed', 'green.sh': 'passed' });
  expect(fileOf(report, 'crash.sh').attempts).toMatchObject([
    { outcome: 'crashed', signal: 'SIGKILL', exitCode: null, outputTail: 'before the kill\n' },
  ]);
  expect(fileOf(report, 'hang.sh').attempts).toMatchObject([
    { outcome: 'timedOut', reason: 'past its timeout (1000 ms)', outputTail: 'before the hang\n' },
  ]);
  expect(stdout).toContain('SIGKILL');
  expect(stdout).toContain('before the hang');
});

const xml = (names: readonly string[]) =>
  `<testsuites><testsuite name="s">${names.map((name) => `<testcase classname="group" name="${name}"/>`).join('')}</testsuite></testsuites>`;

test('cases of the same name are all counted; a file without any is told apart from a green one', async () => {
  const writes = (names: readonly string[]) => `echo '${xml(names)}' > "$1"`;
  await project.addSuite(
    'cases',
    { 'a.sh': writes(['twin', 'twin']), 'b.sh': writes(['twin']), 'none.sh': writes([]) },
    { command: ['sh', '{file}', '{file}.xml'], report: { kind: 'junit', path: '{file}.xml' } },
  );
  const { exitCode, report } = await runSuite(project, 'cases');
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed', 'none.sh': 'skipped' });
  expect(report.totals.cases).toEqual({ passed: 3, failed: 0, skipped: 0 });
  expect(fileOf(report, 'none.sh').attempts).toMatchObject([{ outcome: 'noTests', exitCode: 0 }]);

  const none = await runSuite(project, 'cases', ['cases/none.sh']);
  expect(none).toMatchObject({ exitCode: 4, report: { run: { status: 'incomplete' } } });
  expect((await runSuite(project, 'cases', ['cases/none.sh', '--pass-with-no-tests'])).exitCode).toBe(0);
});

test('an exit code of 0 without the report that was promised is a crash, not a pass', async () => {
  await project.addSuite('silent', { 'a.sh': 'exit 0' }, { report: { kind: 'junit', path: '{file}.xml' } });
  const { exitCode, report } = await runSuite(project, 'silent');
  expect(exitCode).toBe(1);
  expect(fileOf(report, 'a.sh').attempts).toMatchObject([{ outcome: 'crashed', exitCode: 0 }]);
});

test('a finished run can be shown again without asking for its name: whole, only its failures, as JSON', async () => {
  await project.addSuite('again', { 'green.sh': 'true', 'red.sh': 'echo "the reason"; exit 1' });
  const { report } = await runSuite(project, 'again');
  const show = (...args: string[]) => runCli(['show', ...args], { cwd: project.root });

  expect(await checkReport((await show('--json')).stdout)).toEqual(report);
  expect(await checkReport((await show(`again/${report.run.id}`, '--json')).stdout)).toEqual(report);
  const failed = await show('--failed');
  expect(failed.stdout).toContain('the reason');
  expect(failed.stdout).not.toContain('green.sh');
  expect((await show()).stdout).toContain('green.sh');
  expect(await show('no-such-run')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no-such-run') });
});

test.each([
  [
    'after the summary',
    /^Files /m,
    0,
    /^holdfast: an error after the end, which changes no result: Error: Channel has been shut down$/m,
  ],
  ['before there is a verdict', /suite stray started/, 3, /^holdfast: an unexpected error/m],
])('an error that nothing awaits, thrown %s, is not taken for red tests', async (_when, seen, code, sentence) => {
  await project.addSuite('stray', { 'a.sh': 'sleep 2' });
  await project.write({
    'stray.cjs': `
const write = process.stdout.write;
process.stdout.write = function (text, ...rest) {
  if (process.argv.includes('run') && ${seen}.test(String(text))) setTimeout(() => { throw new Error('Channel has been shut down'); }, 0);
  return write.call(this, text, ...rest);
};`,
  });
  const env = { NODE_OPTIONS: `--require ${project.root}/stray.cjs` };
  const { exitCode, stderr } = await startCli(['run', '--suite', 'stray', '--reporter', 'ci'], { cwd: project.root, env });
  expect(stderr).toMatch(sentence);
  expect(exitCode).toBe(code);
});
