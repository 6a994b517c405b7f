import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { pytestEnvironment } from '../support/python.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject();
const PYTEST = {
  framework: 'pytest',
  command: undefined,
  include: [],
  warm: 'off',
  secondLook: true,
  env: { set: { VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' } },
};
/** A test that notes its process, and then does this. */
const noting = (...body: readonly string[]) =>
  `import os, shared\ndef test_it():\n    open('diary', 'a').write(f"{__name__} {os.getpid()}\\n")\n${body.map((line) => `    ${line}\n`).join('')}`;
const FILES = {
  'pytest.ini': '[pytest]\naddopts = -p no:cacheprovider',
  'shared.py': 'done = 0',
  'test_a.py': noting('shared.done += 1'),
  'test_b.py': noting('shared.done += 1'),
  'test_c.py': noting('assert shared.done == 2'),
  'test_d.py': noting('os._exit(3)'),
  'test_e.py': noting('assert shared.done == 0', 'shared.done = 7'),
  'test_f.py': noting("assert os.environ['HOLDFAST_ATTEMPT'] == '2' and shared.done == 7"),
};

test('files share one process in their order; one that ends it is charged, and the others go on in a new one', async () => {
  await project.addSuite('shared', FILES, { ...PYTEST, isolation: 'suite', retries: 1 });
  const { report, exitCode, stdout } = await runSuite(project, 'shared', ['--max-in-flight', '1']);
  expect(verdictsOf(report), stdout).toEqual({
    'test_a.py': 'passed',
    'test_b.py': 'passed',
    'test_c.py': 'passed', // After a and b, as in pytest's own run.
    'test_d.py': 'failed',
    'test_e.py': 'passed', // In a new process, where nothing has been done.
    'test_f.py': 'flaky', // Its retry comes after e, as the file did.
  });
  expect(exitCode).toBe(1);
  expect(fileOf(report, 'test_d.py').attempts).toMatchObject([{ outcome: 'crashed' }, { outcome: 'crashed' }]);
  const diary = (await project.lines('shared/diary')).map((line) => line.split(' '));
  const processes = (names: readonly string[]) =>
    new Set(diary.slice(0, 6).flatMap(([name, pid]) => (names.includes(name ?? '') ? [pid] : [])));
  expect(diary.slice(0, 6).map(([name]) => name)).toEqual(['test_a', 'test_b', 'test_c', 'test_d', 'test_e', 'test_f']);
  expect(processes(['test_a', 'test_b', 'test_c', 'test_d']).size).toBe(1);
  expect(processes(['test_e', 'test_f']).size).toBe(1);
  expect(processes(['test_d', 'test_e']).size).toBe(2);
});

test('each slot has a piece of its own; what a file lacks there it gets by a second look', async () => {
  const files = {
    ...Object.fromEntries(Object.entries(FILES).filter(([name]) => !/_[def]\.py/.test(name))),
    'test_d.py': noting('assert shared.done == 2'),
  };
  await project.addSuite('halves', files, { ...PYTEST, isolation: 'suite' });
  const { report, exitCode, stdout } = await runSuite(project, 'halves');
  expect(exitCode, stdout).toBe(0);
  expect(verdictsOf(report)).toEqual({
    'test_a.py': 'passed',
    'test_b.py': 'passed',
    'test_c.py': 'flaky',
    'test_d.py': 'flaky',
  });
  expect(fileOf(report, 'test_d.py')).toMatchObject({ company: 'dependsOnFilesBefore' });
});

test.each([
  [{ framework: 'mocha', include: ['*.js'] }, 'isolation: suite is for pytest; this suite uses mocha.'],
  [{ coverage: 'on' }, 'isolation: files that share a process cannot be measured one by one; leave out coverage.'],
  [{ repeatEach: 2 }, 'isolation: files that share a process run once; leave out repeatEach and repeatNew.'],
])('is refused where it cannot hold: %j', async (config, sentence) => {
  await project.addSuite('refused', FILES, { ...PYTEST, ...config, isolation: 'suite' });
  const refused = await runCli(['run', '--suite', 'refused'], { cwd: project.root });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`suites.refused.${sentence}`) });
});
