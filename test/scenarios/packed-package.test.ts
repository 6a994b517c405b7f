import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 180_000;

/** A project of somebody else: the package as it would be published, installed, and a program that imports it. */
let project: string;
beforeAll(async () => {
  project = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-packed-')));
  const { stdout } = await execa('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], {
    cwd: REPOSITORY,
  });
  await writeFile(path.join(project, 'package.json'), '{ "type": "module", "private": true }');
  const install = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    path.join(project, stdout.trim()),
  ];
  await execa('npm', install, { cwd: project });
  const suites = { unit: { command: ['sh', '{file}'], include: ['tests/*.sh'] } };
  await writeFile(path.join(project, 'holdfast.config.json'), JSON.stringify({ suites }));
  await mkdir(path.join(project, 'tests'));
  await writeFile(path.join(project, 'tests/green.sh'), 'true');
  await writeFile(path.join(project, 'tests/red.sh'), 'false');
  await cp(path.join(REPOSITORY, 'examples/program.mjs'), path.join(project, 'program.mjs'));
}, PATIENCE_MS);
afterAll(() => rm(project, { recursive: true, force: true, maxRetries: 5 }));

test('a program runs the suites of its folder', { timeout: PATIENCE_MS }, async () => {
  const { exitCode, stdout, stderr } = await runProgram('unit');
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 1,
    stdout: 'unit: 1 of 2 files passed\nfailed: tests/red.sh',
    stderr: '',
  });
});

test('a program is told what it did wrong, with the code that the command line exits with', {
  timeout: PATIENCE_MS,
}, async () => {
  const { exitCode, stderr } = await runProgram('units');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('There is no suite "units"; did you mean unit?'),
  });
});

test('the types of the package are complete, and the program is written to them', { timeout: PATIENCE_MS }, async () => {
  const roots = path.join(REPOSITORY, 'node_modules/@types');
  const options = ['--noEmit', '--strict', '--allowJs', '--checkJs', '--target', 'es2023', '--module', 'nodenext'];
  const tsc = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const { stdout } = await execa('node', [tsc, ...options, '--types', 'node', '--typeRoots', roots, 'program.mjs'], {
    cwd: project,
    reject: false,
  });
  // Libraries have errors of their own, such as types that they do not install.
  expect(stdout.split('\n').filter((line) => /^(program|node_modules\/holdfast)/.test(line))).toEqual([]);
  const misused = path.join(project, 'misused.mjs');
  await writeFile(
    misused,
    "import { openProject } from 'holdfast';\n(await openProject({ env: {} })).start({ suites: 'unit' });\n",
  );
  const wrong = await execa('node', [tsc, ...options, '--types', 'node', '--typeRoots', roots, misused], {
    cwd: project,
    reject: false,
  });
  expect(wrong.stdout).toContain('misused.mjs(2,42): error TS2322');
});

function runProgram(...suites: string[]) {
  const { PATH, HOME, XDG_CACHE_HOME, HOLDFAST_TEMPORAL_CLI } = process.env;
  const env = { PATH, HOME, XDG_CACHE_HOME, HOLDFAST_TEMPORAL_CLI };
  return execa('node', ['program.mjs', ...suites], { cwd: project, env, extendEnv: false, reject: false });
}
