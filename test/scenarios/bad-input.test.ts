import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { type Stack, startStack } from '../support/cluster.js';
import { aProject, type Project } from '../support/project.js';

let project: Project;
let stack: Stack;
beforeAll(async () => {
  project = await aProject();
  await project.addSuite('unit', { 'a.sh': 'true', 'red.sh': 'false' });
  await project.write({
    'broken.json': '{ "suites": ',
    'wrong.json': '{ "suites": { "unit": { "framework": "command", "retries": -1 } } }',
    'absent.json': '{ "suites": { "unit": { "framework": "jest", "cwd": "unit" } } }',
    'nowhere.json':
      '{ "suites": { "unit": { "framework": "command", "command": ["sh", "{file}"], "include": ["*.sh"], "cwd": "gone" } } }',
    'a-file': '',
  });
  stack = await startStack(project);
});
afterAll(async () => {
  await stack?.stop();
  await project.remove();
});

type Case = readonly [what: string, words: readonly string[], exitCode: number, code: string, names: string];
const WORDS: readonly Case[] = [
  ['an unknown command', ['runn'], 2, 'USAGE', 'run'],
  ['an unknown flag', ['run', '--retry', '2'], 2, 'USAGE', '--retries'],
  ['an old flag', ['run', '--deadline', '5s'], 2, 'USAGE', '--deadline is now called --run-timeout.'],
  ['an old flag of a worker', ['worker', '--workers', '2'], 2, 'USAGE', '--workers is now called --slots.'],
  ['an old flag of simulate', ['simulate', '--workers', '2'], 2, 'USAGE', '--workers is now called --machines.'],
  ['a flag without its value', ['run', '--retries'], 2, 'USAGE', '--retries'],
  ['an unknown framework', ['run', '--framework', 'phpunit'], 2, 'USAGE', 'phpunit'],
  ['an unknown suite', ['run', '--suite', 'units'], 2, 'SUITE_UNKNOWN', 'units'],
  ['an unknown reporter', ['run', '--reporter', 'xml=a.xml'], 2, 'USAGE', 'xml'],
  ['a configuration that is not there', ['run', '--config', 'none.json'], 2, 'CONFIG_UNREADABLE', 'none.json'],
  ['a configuration that is no JSON', ['run', '--config', 'broken.json'], 2, 'CONFIG_UNREADABLE', 'broken.json'],
  ['a wrong value in the configuration', ['run', '--config', 'wrong.json'], 2, 'CONFIG_INVALID', 'suites.unit.retries'],
  ['a suite folder that is not there', ['run', '--config', 'nowhere.json'], 2, 'CONFIG_INVALID', 'gone'],
  ['a framework that is not installed', ['run', '--config', 'absent.json'], 2, 'FRAMEWORK_MISSING', 'jest'],
  ['a missing file', ['run', 'unit/none.sh'], 2, 'FILE_MISSING', 'unit/none.sh'],
  ['a missing list', ['run', '--files-from', 'none.txt'], 2, 'FILE_MISSING', 'none.txt'],
  ['an empty list', ['run', '--files-from', '-'], 4, 'NO_MATCH', 'list'],
  ['a pattern that matches nothing', ['run', 'unit/*.none'], 4, 'NO_MATCH', 'unit/*.none'],
  ['an include that matches nothing', ['run', '--include', '*.none'], 4, 'NO_MATCH', '*.none'],
  ['negative retries', ['run', '--retries', '-1'], 2, 'USAGE', '--retries'],
  ['absurd retries', ['run', '--retries', '1e9'], 2, 'USAGE', '--retries'],
  ['no slot', ['run', '-j', '0'], 2, 'USAGE', '--workers'],
  ['no time', ['run', '--timeout', '0'], 2, 'USAGE', '--timeout'],
  ['a limit that is no number', ['run', '--max-failures', 'few'], 2, 'USAGE', '--max-failures'],
  ['a run id that is a path', ['run', '--run-id', '../x'], 2, 'USAGE', '--run-id'],
  ['a report in a folder that is a file', ['run', '--reporter', 'json=a-file/out.json'], 2, 'OUTPUT_UNWRITABLE', 'a-file'],
  ['a report that is a folder', ['run', '--reporter', 'junit=unit'], 2, 'OUTPUT_UNWRITABLE', 'unit'],
  ['a run that nobody knows', ['attach', 'unit/none'], 2, 'RUN_UNKNOWN', 'none'],
  ['a run that nobody knows, to cancel', ['cancel', 'unit/none'], 2, 'RUN_UNKNOWN', 'none'],
  ['a run that nobody knows, to show', ['show', 'unit/none'], 2, 'RUN_UNKNOWN', 'none'],
];

test.each(WORDS)('%s is refused in a sentence, and nothing runs', async (_, words, exitCode, code, names) => {
  await expectRefusal(await runCli(words, { cwd: project.root }), { exitCode, code, names });
});

test('a server that does not answer is named within seconds', async () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const end = await runCli(['run'], { cwd: project.root, env });
  await expectRefusal(end, { exitCode: 3, code: 'SERVER_UNREACHABLE', names: '127.0.0.1:1' });
});

test('a namespace that the server does not have is named', async () => {
  const { temporalAddress } = JSON.parse(await project.read('.holdfast/stack.json'));
  const env = { TEMPORAL_ADDRESS: String(temporalAddress), TEMPORAL_NAMESPACE: 'elsewhere' };
  const end = await runCli(['run'], { cwd: project.root, env });
  await expectRefusal(end, { exitCode: 2, code: 'NAMESPACE_UNKNOWN', names: 'elsewhere' });
});

test('workers without a server to work for are refused', async () => {
  for (const command of ['worker', 'control']) {
    const end = await runCli([command], { cwd: project.root });
    await expectRefusal(end, { exitCode: 2, code: 'USAGE', names: 'TEMPORAL_ADDRESS' });
  }
});

test('a stack that is up already is not started twice', async () => {
  const end = await runCli(['dev'], { cwd: project.root });
  await expectRefusal(end, { exitCode: 3, code: 'STACK_BUSY', names: project.root });
});

test('a Temporal binary that is none is named before anything starts', async () => {
  const other = await aProject();
  try {
    await other.addSuite('unit', { 'a.sh': 'true' });
    const end = await runCli(['run'], { cwd: other.root, env: { HOLDFAST_TEMPORAL_CLI: join(other.root, 'unit/a.sh') } });
    await expectRefusal(end, { exitCode: 3, code: 'BINARY_MISSING', names: 'unit/a.sh' });
    await chmod(join(other.root, 'unit/a.sh'), 0o755);
    await mkdir(join(other.root, '.git')); // The configuration is looked for up to the root of the repository.
    const wrong = await runCli(['run'], { cwd: join(other.root, 'unit'), env: { HOLDFAST_TEMPORAL_CLI: './a.sh' } });
    await expectRefusal(wrong, { exitCode: 3, code: 'STACK_FAILED', names: 'Temporal' });
  } finally {
    await other.remove();
  }
});

/** One sentence of what is wrong, with its code; no stack trace, and no run. */
async function expectRefusal(
  end: Awaited<ReturnType<typeof runCli>>,
  { exitCode, code, names }: { exitCode: number; code: string; names: string },
): Promise<void> {
  expect(end.stderr).toContain(`[${code}]`);
  expect(end.stderr).toContain(names);
  expect(end.stderr).toMatch(/^holdfast: /);
  expect(end.stderr).not.toMatch(/^\s+at /m);
  expect(end.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(end.stdout).toBe('');
  expect(end.exitCode).toBe(exitCode);
}

test('none of all this has made a run', async () => {
  const { stdout } = await runCli(['list', '--json'], { cwd: project.root });
  expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, runs: [] });
});
