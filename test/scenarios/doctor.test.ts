import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { keepFreePort } from '../../src/adapters/temporal/free-port.js';
import { runCli, startCli } from '../support/cli.js';
import { saying, startStack } from '../support/cluster.js';
import { powerCut, processesIn } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { until } from '../support/until.js';

type Finding = { readonly kind: string; readonly check: string; readonly says: string; readonly remedy?: string };

let project: Project;
beforeEach(async () => {
  project = await aProject();
  await project.addSuite('unit', { 'a.sh': 'true', 'b.sh': 'true', 'c.sh': 'true' }, { exclude: ['c.sh'] });
});
afterEach(async () => {
  await powerCut(project.root);
  await project.remove();
});

/** What the doctor says as JSON and in lines, which must agree. */
async function doctor(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const json = await runCli(['doctor', '--json', ...args], { cwd: project.root, env });
  const text = await runCli(['doctor', ...args], { cwd: project.root, env });
  const { exitCode, findings }: { exitCode: number; findings: Finding[] } = JSON.parse(json.stdout);
  expect([json.exitCode, text.exitCode]).toEqual([exitCode, exitCode]);
  const lines = text.stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(findings.map(({ kind, check }) => [kind, check]));
  for (const [index, { remedy }] of findings.entries()) if (remedy !== undefined) expect(lines[index]).toContain(remedy);
  const found = (check: string) => {
    const finding = findings.find((one) => one.check === check);
    if (finding === undefined) throw new Error(`Nothing is said of ${check}:\n${text.stdout}`);
    return finding;
  };
  return { exitCode, stdout: json.stdout + text.stdout, stderr: json.stderr + text.stderr, findings, found };
}

test('without a server it says what a run would start, and starts nothing', async () => {
  const before = await readdir(project.root);
  await mkdir(join(project.root, 'unit/cache'));
  // No Temporal CLI is anywhere, and none is fetched.
  const env = { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: join(project.root, 'unit/cache'), HOLDFAST_TEMPORAL_CLI: '' };
  const { exitCode, stderr, found } = await doctor(env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(found('configuration').says).toContain('holdfast.config.json');
  expect(found('server').says).toMatch(/would start.*Temporal server, a control worker and a test worker with 2 slots/);
  expect(found('Temporal binary')).toMatchObject({ kind: 'advice', says: expect.stringContaining('would fetch 1.9.1') });
  expect(found('results store').says).toContain('none yet');
  expect(found('suite unit')).toMatchObject({ kind: 'ok', says: 'command, 2 test files' });
  expect(await readdir(project.root)).toEqual(before);
  expect(await readdir(join(project.root, 'unit/cache'))).toEqual([]);
  expect(await processesIn(project.root)).toEqual([]);
});

test('on a stack that is up all is well; afterwards the store is read as it was left', async () => {
  const stack = await startStack(project);
  const { exitCode, findings, found } = await doctor();
  expect(findings.filter(({ kind }) => kind !== 'ok')).toEqual([]);
  expect(exitCode).toBe(0);
  expect(found('server').says).toMatch(/^Temporal \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+/);
  expect(found('test workers').says).toContain('1 worker with 2 slots');
  expect(found('results store').says).toMatch(/schema \d{4}-/);
  await stack.stop();

  const alone = await doctor();
  expect(alone.exitCode).toBe(0);
  expect(alone.found('Temporal binary').says).toMatch(/^\d+\.\d+\.\d+ \(Server \d+/);
  expect(alone.found('results store').says).toMatch(/schema \d{4}-/);
});

test('a wrong configuration is exit code 2, with its remedy', async () => {
  await project.write({ 'broken.json': '{ "suites": ' });
  const broken = await doctor({}, ['--config', 'broken.json']);
  expect(broken).toMatchObject({ exitCode: 2, findings: [{ kind: 'problem', code: 'CONFIG_UNREADABLE' }] });

  await project.addSuite('absent', { 'a.test.js': '' }, { framework: 'jest', command: undefined, include: [] });
  await project.addSuite('gone', {}, { cwd: 'nowhere' });
  await project.addSuite('empty', { 'a.txt': '' });
  const { exitCode, found } = await doctor();
  expect(exitCode).toBe(2);
  expect(found('suite unit').kind).toBe('ok');
  expect(found('suite absent')).toMatchObject({ kind: 'problem', code: 'FRAMEWORK_MISSING' });
  expect(found('suite gone')).toMatchObject({
    kind: 'problem',
    code: 'CONFIG_INVALID',
    says: expect.stringContaining('nowhere'),
  });
  expect(found('suite empty')).toMatchObject({ kind: 'problem', code: 'SUITE_EMPTY' });
});

test('a framework is named with its version, and a listing that fails with its first words', async () => {
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(project.root, 'node_modules'));
  const suite = { framework: 'vitest', command: undefined, include: undefined };
  await project.addSuite('good', { 'a.test.ts': '', 'b.test.ts': '' }, suite);
  await project.addSuite(
    'bad',
    { 'a.test.ts': '', 'vitest.config.ts': 'throw new Error("a config that cannot be read")' },
    suite,
  );
  const { exitCode, found } = await doctor();
  expect(exitCode).toBe(3);
  expect(found('suite good').says).toMatch(/^vitest \d+\.\d+\.\d+, 2 test files$/);
  expect(found('suite bad')).toMatchObject({
    kind: 'problem',
    code: 'LISTING_FAILED',
    says: expect.stringContaining('a config that cannot be read'),
  });
});

test('what does not answer is exit code 3, and no secret is shown', async () => {
  const remote = 'https://ann:s3cret-token@localhost/repo.git';
  await project.addSuite('remote', {}, { source: { kind: 'git', remote, revision: 'main' } });
  const env = {
    HOLDFAST_DATABASE_URL: 'postgres://ann:hunter2@127.0.0.1:1/results?password=hunter3',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    TEMPORAL_API_KEY: 'key-of-ann',
    TEMPORAL_TLS: 'false',
  };
  const { exitCode, found, stdout, stderr } = await doctor(env);
  expect(exitCode).toBe(3);
  expect(found('server')).toMatchObject({ kind: 'problem', code: 'SERVER_UNREACHABLE' });
  expect(found('results store')).toMatchObject({ kind: 'problem', code: 'STORE_UNREACHABLE' });
  expect(found('suite remote').kind).toBe('ok');
  expect(stdout + stderr).not.toMatch(/hunter|s3cret|key-of-ann/);

  const binary = await doctor({ HOLDFAST_TEMPORAL_CLI: join(project.root, 'unit/a.sh') });
  expect(binary).toMatchObject({ exitCode: 3 });
  expect(binary.found('Temporal binary')).toMatchObject({ kind: 'problem', code: 'BINARY_MISSING' });
});

let server: ResultPromise;
let address: string;
beforeAll(async () => {
  // As somebody else would run it: nothing of ours is set.
  const binary = await findTemporalBinary(process.env, () => undefined);
  const port = await keepFreePort();
  address = `127.0.0.1:${port}`;
  server = execa(binary, ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)], {
    reject: false,
    stdio: 'ignore',
  });
});
afterAll(async () => {
  server?.kill('SIGKILL');
  await server;
});

test('of a foreign server it says what to set and whom it misses; with workers on it no problem is left', async () => {
  const env = { TEMPORAL_ADDRESS: address };
  const isSaying = async (what: RegExp) => what.test((await runCli(['doctor'], { cwd: project.root, env })).stdout);
  await until('the server answers', () => isSaying(/^ok +server /m));
  const empty = await doctor(env);
  expect(empty.exitCode).toBe(3);
  expect(empty.found('search attributes').remedy).toContain('HoldfastSuite');
  expect(empty.found('server profile')).toMatchObject({
    kind: 'advice',
    says: expect.stringContaining('matching.numTaskqueueReadPartitions'),
    remedy: expect.stringMatching(/history\.timerProcessorMaxTimeShift="50ms", history\.transferProcessorMaxPollRPS=2000/),
  });
  expect(empty.found('control workers')).toMatchObject({ kind: 'problem', remedy: expect.stringContaining('holdfast control') });
  expect(empty.found('test workers')).toMatchObject({ kind: 'problem', remedy: expect.stringContaining('holdfast worker') });
  const elsewhere = await doctor({ ...env, TEMPORAL_NAMESPACE: 'elsewhere' });
  expect(elsewhere).toMatchObject({ exitCode: 2 });
  expect(elsewhere.found('namespace')).toMatchObject({ kind: 'problem', code: 'NAMESPACE_UNKNOWN' });

  const control = startCli(['control'], { cwd: project.root, env });
  const worker = startCli(['worker', '--slots', '3'], { cwd: project.root, env });
  await Promise.all([saying(control, / polls /), saying(worker, / polls /)]);
  await until('both are seen', async () => !(await isSaying(/^problem/m)));
  const staffed = await doctor(env);
  expect(staffed.exitCode).toBe(0);
  expect(staffed.found('search attributes').kind).toBe('ok');
  expect(staffed.found('test workers').says).toContain('1 worker with 3 slots');
  expect(staffed.found('results store').says).toMatch(/through a control worker, schema \d{4}-/);
  expect(staffed.found('server profile').kind).toBe('advice');
});
