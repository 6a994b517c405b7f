import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { type DevServer, startDevServer } from '../../src/adapters/temporal/dev-server.js';
import { DEFAULTS } from '../../src/core/defaults.js';
import { runCli, startCli } from '../support/cli.js';
import { saying } from '../support/cluster.js';
import { statementsIn } from '../support/covered.js';
import { powerCut } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport } from '../support/result.js';
import { until } from '../support/until.js';

/** A person's machine: the code, and neither workers nor their object store. */
let project: Project;
/** The machines of the fleet: a copy of the code elsewhere for each worker, and an object store that only they and the control worker share. */
let fleet: string;
let server: DevServer;

const SIGN = "module.exports = (n) => {\n  if (n > 0) return 'plus';\n  return 'minus';\n};\n";
const FILES = {
  'package.json': JSON.stringify({
    jest: {
      testEnvironment: 'node',
      collectCoverage: true,
      coverageReporters: ['json', 'text-summary'],
      coverageThreshold: { global: { statements: 100 } },
    },
  }),
  'src/sign.js': SIGN,
  // Red at first: its first attempt measures too, but does not count.
  'plus.test.js':
    "test('plus', () => {\n  expect(require('./src/sign.js')(1)).toBe('plus');\n  if (process.env.HOLDFAST_ATTEMPT === '1') {\n    require('./src/sign.js')(1);\n    throw new Error('red');\n  }\n});\n",
  'minus.test.js': "test('minus', () => expect(require('./src/sign.js')(-1)).toBe('minus'));\n",
};

const objects = () => path.join(fleet, 'objects');
const env = () => ({ TEMPORAL_ADDRESS: server.address, HOLDFAST_QUEUE_PREFIX: 'covered' });
const envOfFleet = () => ({ ...env(), HOLDFAST_OBJECTS: objects() });

beforeAll(async () => {
  fleet = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-covered-fleet-')));
  [server, project] = await Promise.all([
    findTemporalBinary(process.env, () => undefined).then((binary) =>
      startDevServer({ binary, dbFile: path.join(fleet, 'temporal.db'), logFile: path.join(fleet, 'temporal.log') }),
    ),
    aProject({ slots: 1 }),
  ]);
  await project.write({
    ...FILES,
    'holdfast.config.json': JSON.stringify({ suites: { unit: { framework: 'jest', retries: 1 } } }),
  });
  await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));
  await server.ready;
  await mkdir(path.join(fleet, 'control'));
  await saying(startCli(['control'], { cwd: path.join(fleet, 'control'), env: envOfFleet() }), /polls \S+\.control/);
  for (const machine of ['one', 'another-machine']) {
    const cwd = path.join(fleet, machine);
    await cp(project.root, cwd, { recursive: true, verbatimSymlinks: true });
    await saying(startCli(['worker'], { cwd, env: envOfFleet() }), /polls \S+\.tests with/);
  }
});
afterAll(async () => {
  await powerCut(fleet);
  await server?.kill();
  await project.remove();
  await rm(fleet, { recursive: true, force: true });
});

const run = async (...words: readonly string[]) => {
  const end = await runCli(['run', '--reporter', 'ci', '--reporter', 'json=report.json', ...words], {
    cwd: project.root,
    env: env(),
  });
  return { ...end, report: await checkReport(await project.read('report.json')) };
};
const rawOf = (suite: string) => readdir(path.join(objects(), 'coverage', suite)).catch(() => []);
const statusOf = async (runId: string) => {
  const { stdout } = await runCli(['list', '--json'], { cwd: project.root, env: env() });
  const { runs }: { runs: { runId: string; status: string }[] } = JSON.parse(stdout);
  return runs.find((one) => one.runId === runId)?.status;
};

test('what machines of a fleet have measured is one report where the command runs, as if jest had run there', async () => {
  const { HOME, PATH } = process.env;
  const jest = [path.join(project.root, 'node_modules/jest/bin/jest.js')];
  await execa(process.execPath, jest, { cwd: project.root, env: { HOME, PATH, HOLDFAST_ATTEMPT: '2' }, extendEnv: false });
  const own = await statementsIn(project.root);
  await rm(path.join(project.root, 'coverage'), { recursive: true });

  const { exitCode, stdout, report } = await run();
  expect(stdout).toMatch(/^Coverage +merged; no threshold is missed/m);
  expect({ exitCode, run: report.run }).toMatchObject({ exitCode: 0, run: { coverage: { verdict: 'met' } } });
  expect(report.totals).toMatchObject({ planned: 2, passed: 1, flaky: 1 });
  expect(await statementsIn(project.root)).toEqual(own); // The accepted attempt of the flaky file alone counts.
  expect(existsSync(path.join(project.root, '.holdfast/objects'))).toBe(false);
  expect(await rawOf('unit')).toEqual([]);
});

test('a run that only its coverage makes red is red wherever one looks', async () => {
  const { exitCode, stdout, report } = await run('minus.test.js');
  expect(stdout).toMatch(/^Coverage +coverage is below a threshold of the project, all tests are green/m);
  const red = { status: 'failed', exitCode: 1, coverage: { verdict: 'below', tests: { status: 'passed', exitCode: 0 } } };
  expect({ exitCode, run: report.run }).toMatchObject({ exitCode: 1, run: red });
  const { id } = report.run;
  const show = await runCli(['show', `unit/${id}`, '--json'], { cwd: project.root, env: env() });
  expect(JSON.parse(show.stdout).run).toMatchObject(red);
  expect(await statusOf(id)).toBe('failed');
  expect((await runCli(['attach', `unit/${id}`], { cwd: project.root, env: env() })).exitCode).toBe(1);
});

test('coverage that nobody has waited for is merged by a command of its own, and removed if nobody does', async () => {
  const { stdout: name } = await runCli(['run', '--detach', 'minus.test.js'], { cwd: project.root, env: env() });
  const [, id = ''] = name.trim().split('/');
  await until('the run has ended', async () => (await statusOf(id)) === 'passed');
  const show = await runCli(['show', name.trim()], { cwd: project.root, env: env() });
  expect(show.stdout).toContain(`measured, not merged: holdfast coverage unit/${id}`);
  expect(await rawOf('unit')).toEqual([id]);

  const merged = await runCli(['coverage', name.trim()], { cwd: project.root, env: env() });
  expect(merged.stdout).toContain(
    `unit/${id}: failed; coverage: coverage is below a threshold of the project, all tests are green`,
  );
  expect(merged.exitCode).toBe(1);
  expect(await statusOf(id)).toBe('failed');
  expect(await rawOf('unit')).toEqual([]);

  const { stdout: forgotten } = await runCli(['run', '--detach', 'minus.test.js'], { cwd: project.root, env: env() });
  const [, old = ''] = forgotten.trim().split('/');
  await until('the run has ended', async () => (await statusOf(old)) === 'passed');
  await age(path.join(objects(), 'coverage/unit', old), DEFAULTS.rawCoverageKeptMs + 1_000);
  await run('--no-coverage');
  expect(await rawOf('unit')).toEqual([]);
  const late = await runCli(['coverage', forgotten.trim()], { cwd: project.root, env: env() });
  expect(late.stdout).toContain('raw coverage of an attempt is gone from the object store');
  expect(late.exitCode).toBe(3);
});

test('a run of a schedule measures, and its coverage is merged by name', async () => {
  const cli = (...words: readonly string[]) => runCli(words, { cwd: project.root, env: env() });
  expect((await cli('schedule', 'create', 'nightly', '--cron', '0 3 1 1 *')).exitCode).toBe(0);
  const name = (await cli('schedule', 'trigger', 'nightly')).stdout.trim();
  await until('the run has ended', async () => ['passed', 'failed'].includes((await statusOf(name.split('/')[1] ?? '')) ?? ''));
  const merged = await cli('coverage', name);
  expect(merged.stdout).toContain(`${name}: passed; coverage: merged; no threshold is missed`);
  await cli('schedule', 'delete', 'nightly');
});

/** Makes a folder and all below it look as if it had been written so long ago. */
async function age(folder: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await utimes(path.join(entry.parentPath, entry.name), then, then);
  await utimes(folder, then, then);
}
