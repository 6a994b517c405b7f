import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject();
const quarantine = (...lines: readonly string[]) => project.write({ 'holdfast.quarantine.yaml': `${lines.join('\n')}\n` });

const junit = (...cases: readonly string[]) =>
  `printf '%s' '<testsuites><testsuite name="s">${cases.join('')}</testsuite></testsuites>' > report.xml; exit 1`;
const failing = (name: string) => `<testcase classname="c" name="${name}"><failure message="no"/></testcase>`;

test('a quarantined file runs, is reported and cannot fail the run; a pass is told; an expired entry shields no longer', async () => {
  await quarantine(
    '- { file: shaky.sh, reason: "race in login", owner: "@team", expires: 2999-01-31 }',
    '- { file: mended.sh, reason: "was slow", expires: 2999-01-31 }',
    '- { file: old.sh, reason: "forgotten", expires: 2020-01-31 }',
    '- { file: elsewhere.sh, reason: "only there", expires: 2999-01-31, environments: [staging] }',
  );
  const scripts = { 'shaky.sh': 'exit 1', 'mended.sh': 'exit 0', 'old.sh': 'exit 0', 'elsewhere.sh': 'exit 0' };
  await project.addSuite('unit', scripts);
  const green = await runSuite(project, 'unit');
  expect(green.exitCode).toBe(0);
  expect(verdictsOf(green.report)).toMatchObject({ 'shaky.sh': 'quarantined', 'mended.sh': 'passed', 'old.sh': 'passed' });
  expect(fileOf(green.report, 'shaky.sh')).toMatchObject({
    reason: 'Quarantined: race in login (holdfast.quarantine.yaml line 1, until 2999-01-31, @team)',
    attempts: [{ outcome: 'failed' }],
  });
  expect(fileOf(green.report, 'mended.sh').reason).toMatch(/^QuarantineUnneeded: it passed although it is quarantined: was slow/);

  await project.addSuite('unit', { ...scripts, 'old.sh': 'exit 1', 'elsewhere.sh': 'exit 1' });
  const red = await runSuite(project, 'unit');
  expect(red.exitCode).toBe(1);
  expect(fileOf(red.report, 'old.sh')).toMatchObject({
    verdict: 'failed',
    reason: 'QuarantineExpired: forgotten (holdfast.quarantine.yaml line 3, until 2020-01-31)',
  });
  expect(red.stdout).toContain('holdfast.quarantine.yaml line 3');
  expect(fileOf(red.report, 'elsewhere.sh').verdict).toBe('failed');
  const staging = await runSuite(project, 'unit', ['--environment', 'staging']);
  expect(fileOf(staging.report, 'elsewhere.sh').verdict).toBe('quarantined');
});

test('a quarantined case shields its file while nothing else in it fails', async () => {
  await quarantine('- { file: "*.sh", case: "known *", reason: "one case", expires: 2999-01-31 }');
  const config = { report: { kind: 'junit', path: 'report.xml' }, maxInFlight: 1 };
  await project.addSuite(
    'cases',
    { 'known.sh': junit(failing('known bug')), 'worse.sh': junit(failing('known bug'), failing('new bug')) },
    config,
  );
  const { exitCode, report } = await runSuite(project, 'cases');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'known.sh': 'quarantined', 'worse.sh': 'failed' });
});

test('a quarantine that is wrong is refused before anything runs', async () => {
  await quarantine('- { file: a.sh, reason: "for ever" }');
  await project.addSuite('refused', { 'a.sh': 'exit 0' });
  const { exitCode, stderr } = await runCli(['run', '--suite', 'refused'], { cwd: project.root });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/line 1: expires must be a day .* every quarantine has an end.*\[CONFIG_INVALID\]/),
  });
});
