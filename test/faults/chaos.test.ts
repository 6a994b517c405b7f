import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { diaryScript, readDiary } from '../support/diary.js';
import { untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';

let project: Project;
beforeEach(async () => {
  project = await aProject();
});
afterEach(() => project.remove());

const several = (count: number, script: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${100 + index}.sh`, script]));
const chaos = (...args: string[]) => runCli(['chaos', '--processes', '2', '--respawn', '100ms', ...args], { cwd: project.root });

test('workers are killed, left and frozen while a suite runs: the books add up, and nothing is left behind', async () => {
  await project.addSuite('calm', several(30, diaryScript('sleep 0.3')), { heartbeatTimeoutMs: 1_000 });
  const { exitCode, stdout } = await chaos('--every', '500ms', '--seed', '7');
  expect(stdout).toMatch(/chaos: every file has one verdict, and none is red because of a kill\./);
  expect(exitCode).toBe(0);
  const [, kills = '0'] = /chaos: (\d+) kills/.exec(stdout) ?? [];
  expect(Number(kills)).toBeGreaterThan(3);
  const { copies, overlaps } = await readDiary(project, 'calm');
  expect(overlaps).toEqual([]);
  const ended = new Set(copies.filter(({ endedMs }) => endedMs !== null).map(({ file }) => file));
  expect(ended.size).toBe(30);
  await untilEmpty(project.root);
});

test('a red test is still the test’s own', async () => {
  await project.addSuite('red', { ...several(6, diaryScript('sleep 0.3')), 'red.sh': 'exit 1' }, { heartbeatTimeoutMs: 1_000 });
  const { exitCode, stdout } = await chaos('--every', '700ms', '--mix', 'kill=1', '--seed', '1');
  expect(stdout).toMatch(/chaos: every file has one verdict, and none is red because of a kill\./);
  expect(exitCode).toBe(1);
});

test('a file that is out of losses is told, and fails the chaos', async () => {
  const config = { heartbeatTimeoutMs: 1_000, maxLosses: 0 };
  await project.addSuite('poor', several(6, diaryScript('sleep 2')), config);
  const { exitCode, stdout } = await chaos('--every', '300ms', '--mix', 'term=1', '--seed', '3');
  expect(stdout).toMatch(/chaos: \d files ended as infra-error\./);
  expect(exitCode).toBe(3);
});

test('a chaos that takes too long is cancelled and ends', async () => {
  await project.addSuite('long', several(2, 'sleep 600'));
  const end = await chaos('--every', '1h', '--max-time', '3s');
  const said = expect.stringMatching(/The maximum time of 3000 ms is over: the run is cancelled\./);
  expect(end).toEqual({ ...end, exitCode: 3, stdout: said });
  await untilEmpty(project.root);
});

test.each([
  ['--mix', 'everything', /--mix must be weights of term, kill or stop/],
  ['--mix', 'term=0', /--mix.*one above 0/],
  ['--every', '0', /--every must be a duration such as/],
  ['--seed', 'x', /--seed must be a whole number/],
  ['--processes', '0', /--processes/],
  ['--suite', 'none', /none/],
])('%s %s is refused with a sentence, and nothing is started', async (flag, value, message) => {
  await project.addSuite('any', { 'a.sh': 'true' });
  const { exitCode, stdout, stderr } = await chaos(flag, value);
  expect(stdout + stderr).toMatch(message);
  expect(exitCode).toBe(2);
});
