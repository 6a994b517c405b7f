import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { aRunningProject, startStack } from '../support/cluster.js';
import { isAlive, processesIn } from '../support/processes.js';
import { aProject } from '../support/project.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject({ slots: 1 });

const DIARY = 'echo "$HOLDFAST_FILE" >> diary';
const counted = (count: number, script: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.sh`, script]));

test('--max-failures ends a run at so many failed files; what is left is not run, and not green', async () => {
  await project.addSuite('red', counted(8, `${DIARY}; exit 1`));
  const { exitCode, report, stdout } = await runSuite(project, 'red', ['--max-failures', '2', '--max-in-flight', '1']);
  expect(exitCode).toBe(1);
  expect(report.totals).toMatchObject({ planned: 8, failed: 2, notRun: 6 });
  expect(await project.lines('red/diary')).toHaveLength(2);
  expect(stdout).toContain('not run 6');
});

test('a retry is not a failed file: only the verdict counts towards --max-failures', async () => {
  await project.addSuite('retried', counted(3, `${DIARY}; [ "$HOLDFAST_ATTEMPT" = 2 ]`));
  const { exitCode, report } = await runSuite(project, 'retried', ['--max-failures', '1', '--retries', '1']);
  expect(exitCode).toBe(0);
  expect(report.totals).toMatchObject({ planned: 3, flaky: 3, notRun: 0 });
});

test('-x stops after the first failed file', async () => {
  await project.addSuite('first', counted(6, `${DIARY}; exit 1`));
  const { exitCode, report } = await runSuite(project, 'first', ['-x', '--max-in-flight', '1']);
  expect(exitCode).toBe(1);
  expect(report.totals).toMatchObject({ planned: 6, failed: 1, notRun: 5 });
  expect(await project.lines('first/diary')).toHaveLength(1);
});

test('--repeat-each runs every file so often, each with a verdict of its own', async () => {
  // One of the three runs of a.sh is red: the third that comes to write.
  await project.addSuite('repeat', { 'a.sh': `${DIARY}; [ "$(grep -c a.sh diary)" != 3 ]`, 'b.sh': DIARY });
  const { exitCode, report } = await runSuite(project, 'repeat', ['--repeat-each', '3']);
  expect(exitCode).toBe(1);
  expect(report.totals).toMatchObject({ planned: 6, passed: 5, failed: 1, flaky: 0 });
  const repeats = report.files.map(({ path, repeat }) => `${path} ${repeat}`);
  expect(repeats.sort()).toEqual(['a.sh 1', 'a.sh 2', 'a.sh 3', 'b.sh 1', 'b.sh 2', 'b.sh 3']);
  expect((await project.lines('repeat/diary')).sort()).toEqual(['a.sh', 'a.sh', 'a.sh', 'b.sh', 'b.sh', 'b.sh']);
});

test('--fail-on-flaky is not needed where nothing is flaky, and decides alone where something is', async () => {
  await project.addSuite('flaky', { 'a.sh': '[ -e flaky ] || exit 0; [ "$HOLDFAST_ATTEMPT" = 2 ]' });
  const run = () => runSuite(project, 'flaky', ['--retries', '1', '--fail-on-flaky']);
  expect((await run()).exitCode).toBe(0);
  await project.write({ 'flaky/flaky': '' });
  const { exitCode, report, stdout } = await run();
  expect({ exitCode, verdicts: verdictsOf(report) }).toEqual({ exitCode: 1, verdicts: { 'a.sh': 'flaky' } });
  expect(stdout).toContain('Flaky (1)');
});

test('--pass-with-no-tests makes a run without files green; without it that is exit code 4', async () => {
  await project.addSuite('empty', { 'notes.txt': '' });
  const refused = await runCli(['run', '--suite', 'empty'], { cwd: project.root });
  expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('--pass-with-no-tests') });
  const allowed = await runSuite(project, 'empty', ['--pass-with-no-tests']);
  expect(allowed).toMatchObject({ exitCode: 0, report: { run: { status: 'passed' }, totals: { planned: 0 }, files: [] } });
});

test('a file over its timeout has timed out, and nothing of its process group is left', async () => {
  // Deaf to SIGTERM, with a child and a grandchild that hold its output open.
  const hang = `trap '' TERM; (trap '' TERM; sleep 600 & echo $! >> pids; sleep 600) & echo "$$ $!" >> pids; echo here; wait`;
  await project.addSuite('hang', { 'hang.sh': hang, 'next.sh': DIARY }, { timeoutMs: 1_500 });
  const { exitCode, report } = await runSuite(project, 'hang');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'hang.sh': 'failed', 'next.sh': 'passed' });
  const { attempts, losses } = fileOf(report, 'hang.sh');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'timedOut', outputTail: 'here\n' }]);
  expect(losses).toEqual([]);
  const pids = (await project.lines('hang/pids')).flatMap((line) => line.split(' ').map(Number));
  expect(pids).toHaveLength(3);
  for (const pid of pids) expect(await isAlive(pid), `process ${pid}`).toBe(false);
});

test.each(['--dry-run', '--list'])('%s prints the plan and starts nothing: no process, no server, no folder', async (flag) => {
  const fresh = await aProject();
  try {
    await fresh.addSuite('unit', { 'a.sh': DIARY, 'b.sh': DIARY, 'c.sh': DIARY }, { timeoutMs: 90_000 });
    const before = await readdir(fresh.root);
    const { exitCode, stdout, stderr } = await runCli(['run', flag, '--exclude', 'c.sh'], { cwd: fresh.root });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('unit: 2 to run, none started');
    expect(stdout.match(/^\d +[ab]\.sh +unknown +1 ?m.*$/gm)).toHaveLength(2);
    expect(await readdir(fresh.root)).toEqual(before);
    expect(await processesIn(fresh.root)).toEqual([]);
    expect(await fresh.lines('unit/diary')).toEqual([]);
    // Nor does it start anything meanwhile: no server can be found, and none is missed.
    const env = { HOLDFAST_TEMPORAL_CLI: '/nowhere/temporal' };
    expect((await runCli(['run', flag], { cwd: fresh.root, env })).exitCode).toBe(0);
  } finally {
    await fresh.remove();
  }
});

test('a dry run knows what was recorded here, with and without a stack', async () => {
  const fresh = await aProject();
  try {
    await fresh.addSuite('unit', { 'slow.sh': 'sleep 0.5', 'quick.sh': 'true' });
    const run = startCli(['run'], { cwd: fresh.root });
    expect((await run).exitCode).toBe(0);
    const plan = async () => {
      const { stdout } = await runCli(['run', '--dry-run'], { cwd: fresh.root });
      return [...stdout.matchAll(/^\d+ +(\S+\.sh) +(\S+)/gm)].map(([, file, estimate]) => `${file} ${estimate}`);
    };
    await until('nothing is left of the run', async () => (await processesIn(fresh.root)).length === 0);
    const alone = await plan();
    expect(alone.map((line) => line.split(' ')[0])).toEqual(['slow.sh', 'quick.sh']);
    expect(alone.join()).not.toContain('unknown');
    const up = await startStack(fresh);
    expect(await plan()).toEqual(alone);
    await up.stop();
  } finally {
    await fresh.remove();
  }
});
