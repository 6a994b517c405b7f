import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { checkReport, runSuite } from '../support/result.js';

const project = await aRunningProject({ slots: 2 });
const cli = async (...words: readonly string[]) => {
  const { exitCode, stdout, stderr } = await runCli(words, { cwd: project.root });
  return { exitCode, stdout, said: stdout + stderr };
};
const json = async (...words: readonly string[]) => JSON.parse((await cli(...words, '--json')).stdout);

const CI = (commit: string, id: string) => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_RUN_ID: id,
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SHA: commit,
});
const junit = (bad: boolean) =>
  `printf '%s' '<testsuites><testsuite name="s"><testcase classname="store" name="writes a row">${bad ? '<failure message="no"/>' : ''}</testcase></testsuite></testsuites>' > report.xml; exit ${bad ? 1 : 0}`;

test('both outcomes on one commit are flaky, red since a commit is broken; each with rate, interval and history', async () => {
  const config = { report: { kind: 'junit', path: 'report.xml' }, maxInFlight: 1 };
  const scripts = (shaky: boolean, broken: boolean) => ({
    'shaky.sh': junit(shaky),
    'broken.sh': broken ? 'rm -f report.xml; exit 1' : junit(false),
  });
  for (const [run, commit, shaky, broken] of [
    ['1', 'aaaaaaa', false, false],
    ['2', 'aaaaaaa', true, false],
    ['3', 'bbbbbbb', false, true],
    ['4', 'ccccccc', false, true],
  ] as const) {
    await project.addSuite('past', scripts(shaky, broken), config);
    await runSuite(project, 'past', [], CI(commit, run));
  }
  const { suites } = await json('flaky', '--suite', 'past');
  const found = suites[0].suspects.map(({ path, name, kind }: { path: string; name: string[] | null; kind: string }) => [
    path,
    name?.at(-1) ?? null,
    kind,
  ]);
  expect(found).toContainEqual(['shaky.sh', null, 'flaky']);
  expect(found).toContainEqual(['shaky.sh', 'writes a row', 'flaky']);
  expect(found).toContainEqual(['broken.sh', null, 'broken']);
  expect(suites[0].suspects[0]).toMatchObject({
    runs: 4,
    failures: 1,
    flakiness: { rate: 0.25 },
    firstSeen: { commit: 'aaaaaaa' },
  });
  expect((await cli('flaky', '--suite', 'past')).stdout).toMatch(/^flaky +shaky\.sh +25 % \(4\.6 %–70 %\)/m);

  const history = await cli('history', 'shaky.sh', '--suite', 'past');
  expect(history.stdout.match(/ (passed|red) +shaky\.sh/g)?.map((line) => line.trim().split(/ +/)[0])).toEqual([
    'passed',
    'passed',
    'red',
    'passed',
  ]);
  const ofCase = await json('history', 'writes a row', '--suite', 'past');
  expect(ofCase.suites[0].observations.filter(({ hasFailed }: { hasFailed: boolean }) => hasFailed)).toMatchObject([
    { path: 'shaky.sh', commit: 'aaaaaaa' },
  ]);
  expect(await cli('history', 'nobody', '--suite', 'past')).toMatchObject({
    exitCode: 4,
    said: expect.stringContaining('No recorded run has a result of "nobody"'),
  });
});

test('a rerun takes what was not green and what is new, and its verdict is that of both together', async () => {
  await project.addSuite('again', { 'good.sh': 'exit 0', 'bad.sh': 'exit 1', 'late.sh': 'exit 1' });
  await runSuite(project, 'again', ['--run-id', 'first']);
  await project.addSuite('again', { 'good.sh': 'exit 0', 'bad.sh': 'exit 0', 'late.sh': 'exit 1', 'new.sh': 'exit 0' });
  const second = await cli('rerun', 'again/first', '--failed', '--run-id', 'second', '--reporter', 'json=again.json');
  expect(second.exitCode).toBe(1);
  const report = await checkReport(await project.read('again.json'));
  expect(report.files.map(({ path, verdict }) => [path, verdict]).toSorted()).toEqual([
    ['bad.sh', 'passed'],
    ['late.sh', 'failed'],
    ['new.sh', 'passed'],
  ]);
  expect(report.run).toMatchObject({ previousRunId: 'first', merged: { planned: 4, passed: 3, failed: 1, lost: 0 } });

  await project.addSuite('again', { 'good.sh': 'exit 0', 'bad.sh': 'exit 0', 'late.sh': 'exit 0', 'new.sh': 'exit 0' });
  const third = await cli('rerun', 'again/second', '--run-id', 'third');
  expect(third).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/late\.sh/) });
  expect(await cli('diff', 'again/second', 'again/third')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Fixed \(1\)\n {2}late\.sh/),
  });
  expect(await cli('diff', 'again/third', 'again/second')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/New failures \(1\)\n {2}late\.sh/),
  });
});

test('a rerun of what is all green runs nothing', async () => {
  await project.addSuite('green', { 'a.sh': 'echo ran >> ran' });
  await runSuite(project, 'green', ['--run-id', 'g1']);
  expect(await cli('rerun', 'green/g1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing to rerun') });
  expect(await project.lines('green/ran')).toHaveLength(1);
});

test('durations are shown, exported, and brought from elsewhere, so that a first run is in order', async () => {
  const scripts = { 'a.sh': 'sleep 0.1', 'b.sh': 'sleep 0.3', 'c.sh': 'sleep 0.1' };
  await project.addSuite('times', scripts);
  await project.write({
    '.test_durations': JSON.stringify({
      'times/c.sh::test_one': 40,
      'times/c.sh::test_two': 20,
      'times/a.sh': 2,
      'other/x.py': 9,
    }),
  });
  expect(await cli('durations', 'import', '.test_durations', '--suite', 'times')).toMatchObject({
    exitCode: 0,
    stdout: 'times: imported 2 durations; skipped 1 path, no test file of times\n',
  });
  const plan = await cli('run', '--suite', 'times', '--dry-run');
  expect([...plan.stdout.matchAll(/^\d+ +(\S+\.sh)/gm)].map(([, file]) => file)).toEqual(['b.sh', 'c.sh', 'a.sh']);
  expect(plan.stdout).toMatch(/^2 +c\.sh +1 min 00 s +2 min 00 s +3 min 00 s/m);

  await runSuite(project, 'times');
  const { suites } = await json('durations', '--suite', 'times');
  expect(suites[0].files.map(({ path }: { path: string }) => path)[0]).toBe('b.sh');
  expect(suites[0].files[0]).toMatchObject({ samples: 1 });
  await project.write({ 'export.json': (await cli('durations', 'export', '--suite', 'times')).stdout });
  expect(await cli('durations', 'import', 'export.json', '--suite', 'times')).toMatchObject({
    exitCode: 0,
    stdout: 'times: imported 3 durations\n',
  });
});

test.each([
  ['{"times/a.sh": -4}', /a duration of -4 s; it must be from 0/],
  ['{"times/a.sh": 1e9}', /a duration of 1000000000 s; it must be from 0/],
  ['{"elsewhere.py": 4}', /None of these 1 paths is a test file of times/],
  ['{}', /contains no duration of a test file/],
  ['nonsense', /neither JUnit XML nor JSON/],
  ['<testsuites><testsuite>', /not well-formed XML/],
])('an import of %s is refused', async (text, sentence) => {
  await project.addSuite('times', { 'a.sh': 'exit 0' });
  await project.write({ 'bad.txt': text });
  const { exitCode, said } = await cli('durations', 'import', 'bad.txt', '--suite', 'times');
  expect({ exitCode: exitCode === 2 || exitCode === 4, said }).toEqual({ exitCode: true, said: expect.stringMatching(sentence) });
});

test('the quarantine is kept from the command line: added to, listed, pruned, comments left alone', async () => {
  await project.write({ 'holdfast.quarantine.yaml': '# Ours.\n- { file: old.sh, reason: gone, expires: 2020-01-01 }\n' });
  expect(
    await cli('quarantine', 'add', 'tests/*.sh', '--reason', 'a: b', '--expires', '2999-12-31', '--owner', '@team'),
  ).toMatchObject({ exitCode: 0 });
  expect((await cli('quarantine')).stdout).toMatch(
    /old\.sh +2020-01-01 \(expired\)[\s\S]*tests\/\*\.sh +2999-12-31 +@team +a: b/,
  );
  expect(await cli('quarantine', 'prune')).toMatchObject({ exitCode: 0, stdout: '1 entry removed.\n' });
  const left = await project.read('holdfast.quarantine.yaml');
  expect(left).toContain('# Ours.');
  expect((await json('quarantine', 'list')).entries).toMatchObject([{ file: 'tests/*.sh', reason: 'a: b', owner: '@team' }]);
  expect(await cli('quarantine', 'add', 'x.sh', '--reason', 'r', '--expires', 'soon')).toMatchObject({
    exitCode: 2,
    said: expect.stringMatching(/expires must be a day/),
  });
  expect(await project.read('holdfast.quarantine.yaml')).toBe(left);
  await project.write({ 'holdfast.quarantine.yaml': '' });
});

test('a finished run is replayed on other fleets', async () => {
  await project.addSuite('replayed', { 'a.sh': 'sleep 0.4', 'b.sh': 'sleep 0.4', 'c.sh': 'sleep 0.4', 'd.sh': 'sleep 0.4' });
  await runSuite(project, 'replayed', ['--run-id', 'x']);
  const { results } = await json('simulate', 'replayed/x', '--machines', '1,2,4', '--price', '0.1');
  const [one, two, four] = results.map(({ makespanMs }: { makespanMs: number }) => makespanMs);
  expect(one / two).toBeCloseTo(2, 0);
  expect(two / four).toBeCloseTo(2, 0);
  expect(await cli('simulate', 'replayed/x', '--machines', '0')).toMatchObject({
    exitCode: 2,
    said: expect.stringContaining('must be a whole number from 1'),
  });
});

test('a flaky file is repeated in several ways, and it is said what its failures depend on', async () => {
  // Red only while another copy runs beside it.
  const script = 'if mkdir lock 2>/dev/null; then sleep 0.25; rmdir lock; else exit 1; fi';
  await project.addSuite('crowd', { 'shy.sh': script, 'other.sh': 'exit 0' });
  const { exitCode, stdout } = await cli('flaky', 'investigate', 'shy.sh', '--suite', 'crowd', '-n', '40');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^beside others +20 +\d+/m);
  expect(stdout).toMatch(/^alone +20 +0 +0 %/m);
  expect(stdout).toContain('It depends on how it runs: beside others it is red far more often than alone.');
  expect(stdout).toMatch(/To see it: holdfast run --suite crowd shy\.sh --repeat-each \d+/);
});

test('the same seed gives the same order, and a run without one tells its own', async () => {
  await project.addSuite(
    'chance',
    Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}.sh`, 'echo "$HOLDFAST_FILE" >> started'])),
    { maxInFlight: 1 },
  );
  const { report, stdout } = await runSuite(project, 'chance', ['--order', 'random']);
  const first = await project.lines('chance/started');
  expect(report.run).toMatchObject({ order: 'random', seed: expect.any(Number) });
  expect(stdout).toContain(`--order random --seed ${report.run.seed}`);
  await project.write({ 'chance/started': '' });
  await runSuite(project, 'chance', ['--order', 'random', '--seed', String(report.run.seed)]);
  expect(await project.lines('chance/started')).toEqual(first);

  const dry = await cli('run', '--suite', 'chance', '--dry-run', '--order', 'random');
  const [, seed = 'no seed'] = /--order random --seed (\d+)/.exec(dry.stdout) ?? [];
  await project.write({ 'chance/started': '' });
  await runSuite(project, 'chance', ['--order', 'random', '--seed', seed]);
  expect(await project.lines('chance/started')).toEqual(dry.stdout.match(/\d\.sh/g));
});

test('CODEOWNERS name who answers for what failed and what was slow', async () => {
  await project.addSuite('owned', { 'a.sh': 'exit 1', 'b.sh': 'sleep 0.1' });
  await project.write({ CODEOWNERS: '* @all\n/owned/a.sh @team-a\n' });
  const { report, stdout } = await runSuite(project, 'owned');
  expect(report.files.map(({ path, owner }) => [path, owner]).toSorted()).toEqual([
    ['a.sh', '@team-a'],
    ['b.sh', '@all'],
  ]);
  expect(stdout).toMatch(/✗ a\.sh .*@team-a/);
});
