import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startCli } from '../support/cli.js';
import { aRunningProject, workersOf } from '../support/cluster.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject({ slots: 2 });
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));

const suite = { framework: 'mocha', include: ['*.js'], command: undefined, warm: 'on' };
const MOCHARC = { '.mocharc.json': '{"spec":"*.js","ignore":["shared.js"]}' };
const notes = "require('node:fs').appendFileSync('diary', process.pid + ' ' + __filename.split('/').pop() + '\\n');";
const green = `it('works', () => { ${notes} });`;
const pids = async (name: string) => new Set((await project.lines(`${name}/diary`)).map((line) => line.split(' ')[0]));

test('many small files share a process for each slot, with the same counts as a process each', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${n}.js`, green]));
  await project.addSuite('small', { ...files, ...MOCHARC }, suite);
  const warm = await runSuite(project, 'small');
  expect(warm.exitCode).toBe(0);
  expect((await pids('small')).size).toBeLessThanOrEqual(2);
  await project.write({ 'small/diary': '' });
  const cold = await runSuite(project, 'small', ['--no-warm']);
  expect((await pids('small')).size).toBe(30);
  expect(warm.report.totals).toEqual(cold.report.totals);
  expect(warm.report.run.makespanMs).toBeLessThan(cold.report.run.makespanMs / 2);
});

test('without an option, the first files show how short they are, and the rest shares processes, in the first run too', async () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}.js`, green]));
  await project.addSuite('untold', { ...files, ...MOCHARC }, { ...suite, warm: undefined });
  const first = await runSuite(project, 'untold');
  expect((await pids('untold')).size).toBeLessThanOrEqual(4); // Two that show what a start takes, and two that are kept.
  await project.write({ 'untold/diary': '' });
  const second = await runSuite(project, 'untold');
  expect((await pids('untold')).size).toBeLessThanOrEqual(2);
  expect(second.report.totals).toEqual(first.report.totals);
});

test('processes are opened while files are listed: one for each slot, and no other for the files', async () => {
  const waits = "while (require('node:fs').readFileSync('opened', 'utf8').split('\\n').length < 3);"; // For two lines.
  const files = {
    'a.js': `it('works', () => { ${waits} ${notes} });`,
    'setup.cjs': "require('node:fs').appendFileSync('opened', process.pid + '\\n');",
  };
  const mocharc = { '.mocharc.json': '{"spec":"*.js","require":["./setup.cjs"],"timeout":60000}' };
  await project.addSuite('ahead', { ...files, ...mocharc }, suite);
  expect((await runSuite(project, 'ahead')).exitCode).toBe(0);
  const opened = await project.lines('ahead/opened');
  expect(opened).toHaveLength(2);
  expect(opened).toContain([...(await pids('ahead'))][0]);
});

test('a file that depends on others is flaky, and it is said on which', async () => {
  const files = {
    'a.js': `it('counts', () => { require('./shared').n += 1; });`,
    'b.js': `it('wants nobody before it', () => { if (require('./shared').n > 0) throw new Error('somebody was here'); });`,
    'shared.js': 'exports.n = 0;',
  };
  await project.addSuite('order', { ...files, ...MOCHARC }, { ...suite, maxInFlight: 1, order: 'path' });
  const { exitCode, report } = await runSuite(project, 'order');
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'flaky' });
  expect(fileOf(report, 'b.js')).toMatchObject({
    reason: 'RedAfterOthers: red in a process that had run a.js before, green by itself',
    attempts: [{ outcome: 'passed', redAfter: ['a.js'] }],
  });
});

test('a red file is red by itself, its process costs no other file anything, and no loss is told', async () => {
  const files = {
    'a.js': green,
    'b.js': "it('leaves', () => process.exit(0));",
    'c.js': "it('is red', () => { throw new Error('no'); });",
    'd.js': green,
  };
  await project.addSuite('red', { ...files, ...MOCHARC }, { ...suite, maxInFlight: 1, order: 'path' });
  const { exitCode, report } = await runSuite(project, 'red');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'a.js': 'passed', 'b.js': 'failed', 'c.js': 'failed', 'd.js': 'passed' });
  expect(fileOf(report, 'b.js').attempts).toMatchObject([{ outcome: 'crashed' }]);
  expect(report.files.flatMap(({ losses }) => losses)).toEqual([]);
});

test('with a worker that is killed its sessions are gone, and what ran there runs again elsewhere', async () => {
  const waits = `it('waits', function (done) { this.timeout(0); ${notes} const look = () => require('node:fs').existsSync('gate') ? done() : setTimeout(look, 50); look(); });`;
  await project.addSuite(
    'killed',
    { 'a.js': green, 'b.js': waits, ...MOCHARC },
    { ...suite, order: 'path', heartbeatTimeoutMs: 2_000 },
  );
  const run = startCli(['run', '--suite', 'killed', '--reporter', 'json=killed.json'], { cwd: project.root });
  const first = await until('the file waits', async () =>
    (await project.lines('killed/diary')).find((line) => line.endsWith('b.js')),
  );
  const pid = Number(first.split(' ')[0]);
  for (const worker of await workersOf(project)) process.kill(worker, 'SIGKILL');
  await until('its session is gone', () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
  await until(
    'it runs again',
    async () => (await project.lines('killed/diary')).filter((line) => line.endsWith('b.js')).length === 2,
  );
  await project.write({ 'killed/gate': '' });
  expect((await run).exitCode).toBe(0);
  const report = JSON.parse(await project.read('killed.json'));
  expect(fileOf(report, 'b.js')).toMatchObject({ verdict: 'passed', losses: [{ cause: 'heartbeatTimeout' }] });
});
