import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { type Stack, startStack } from '../support/cluster.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, runSuite, verdictsOf } from '../support/result.js';

/** Names that a shell, a glob, an option parser or a list would take for something else. */
const ODD = [
  'a space.sh',
  `"double" and 'single' quotes.sh`,
  'new\nline.sh',
  '-leading-dash.sh',
  '$HOME; `id` & (true) | cat > x.sh',
  '[id] {a,b} *?.sh',
  'back\\slash.sh',
  'grüße-日本.sh',
];

let project: Project;
let stack: Stack;
beforeAll(async () => {
  project = await aProject();
  await project.addSuite('unit', { 'a1.sh': 'true', 'a2.sh': 'true', 'ab1.sh': 'true', 'sub/c.sh': 'true', 'notes.txt': '' });
  await project.addSuite('odd', Object.fromEntries(ODD.map((name) => [name, 'true'])));
  stack = await startStack(project);
});
afterAll(async () => {
  await stack?.stop();
  await project.remove();
});

test('include and exclude choose the files, and exclude wins', async () => {
  const { exitCode, report } = await runSuite(project, 'unit', ['--include', 'a*', '--include', 'sub/**', '--exclude', 'ab*']);
  expect(exitCode).toBe(0);
  expect(Object.keys(verdictsOf(report)).sort()).toEqual(['a1.sh', 'a2.sh', 'sub/c.sh']);
});

test('paths and globs of the command line are read from where it was started', async () => {
  const { stdout } = await runCli(
    ['run', '--config', '../holdfast.config.json', '--suite', 'unit', 'sub', 'a?.sh', '--reporter', 'json=-'],
    {
      cwd: `${project.root}/unit`,
    },
  );
  expect(Object.keys(verdictsOf(await checkReport(stdout))).sort()).toEqual(['a1.sh', 'a2.sh', 'sub/c.sh']);
});

test('a file of any name runs, whether it is found, named, or listed', async () => {
  const all = Object.fromEntries(ODD.map((name) => [name, 'passed']));
  expect(verdictsOf((await runSuite(project, 'odd')).report)).toEqual(all);
  expect(
    verdictsOf(
      (
        await runSuite(
          project,
          'odd',
          ODD.map((name) => `odd/${name}`),
        )
      ).report,
    ),
  ).toEqual(all);
  const { stdout } = await runCli(['run', '--files-from', '-', '--reporter', 'json=-'], {
    cwd: project.root,
    input: ODD.map((name) => `odd/${name}\0`).join(''),
  });
  expect(verdictsOf(await checkReport(stdout))).toEqual(all);
});

test('a list names the files, one a line', async () => {
  await project.write({ 'list.txt': 'unit/a1.sh\nunit/sub/c.sh\n' });
  const { report } = await runSuite(project, 'unit', ['--files-from', 'list.txt']);
  expect(Object.keys(verdictsOf(report)).sort()).toEqual(['a1.sh', 'sub/c.sh']);
});

test('words after -- reach the command, and the variables of an attempt reach the tests', async () => {
  await project.addSuite('told', {
    'a.sh': 'echo "$*"; env | grep ^HOLDFAST_ | sort; env | grep -c ^TEMPORAL_; exit 1',
  });
  const { report } = await runSuite(project, 'told', ['--run-id', 'told-1', '--', '-v', 'two words']);
  const [attempt] = report.files[0]?.attempts ?? [];
  expect(attempt?.outputTail.split('\n')).toEqual([
    '-v two words',
    'HOLDFAST_ATTEMPT=1',
    expect.stringMatching(/^HOLDFAST_COOKIE=\S+$/),
    'HOLDFAST_FILE=a.sh',
    'HOLDFAST_RUN_ID=told-1',
    expect.stringMatching(/^HOLDFAST_SLOT=[12]$/),
    'HOLDFAST_SLOTS=2',
    `HOLDFAST_WORKER=${attempt?.worker}`,
    '0',
    '',
  ]);
});
