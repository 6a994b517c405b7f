import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { keepFreePort } from '../../src/adapters/temporal/free-port.js';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject();
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));
const SECOND_LOOK = { secondLook: true };

/** Waits until another file has come so far. */
const untilThere = (mark: string) => `until [ -e ${mark} ]; do sleep 0.02; done`;
/** Both files of a pair run at the same time: each waits for the other, but only in the first run. */
const together = (self: string, other: string) => `[ -e settled ] || { touch ${self}; ${untilThere(other)}; }`;

describe('two files that want the same port', () => {
  test('one of them is green by itself: it collides, and runs by itself from then on', async () => {
    const port = await keepFreePort();
    // Holds the port until the other file has ended, and a while longer: who held it is asked after that.
    const serve = `const fs = require('node:fs');
    require('node:net').createServer().listen(${port}, '127.0.0.1', () => {
      fs.writeFileSync('held', '');
      setInterval(() => { if (fs.existsSync('refused')) setTimeout(() => process.exit(0), 500); }, 20);
    });`;
    await project.addSuite(
      'port',
      {
        'a.sh': `${together('a', 'b')}; exec node serve.js`,
        'b.sh': `${together('b', 'a')}; [ -e settled ] || ${untilThere('held')}; node serve.js || { touch refused; exit 1; }`,
      },
      SECOND_LOOK,
    );
    await project.write({ 'port/serve.js': serve });

    const first = await runSuite(project, 'port');
    expect(verdictsOf(first.report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'flaky' });
    expect(first).toMatchObject({ exitCode: 0, report: { totals: { flaky: 1, failed: 0 } } });
    const what = `port ${port}`;
    const reason = `Collides: red while a.sh ran beside it (${what} was in use by a.sh), green with the machine to itself`;
    expect(fileOf(first.report, 'b.sh')).toMatchObject({
      company: 'collides',
      reason,
      attempts: [
        { outcome: 'failed', beside: ['a.sh'], clash: { kind: 'address', what, holder: 'a.sh' } },
        { outcome: 'passed', alone: true },
      ],
    });
    expect(first.stdout).toMatch(/^Collides \(1\)$/m);
    expect(first.stdout).toContain('a rule with `serial` or `resources`, or -j 1');

    await project.write({ 'port/settled': '' });
    const second = await runSuite(project, 'port', ['--fail-on-flaky']);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(verdictsOf(second.report)).toEqual({ 'a.sh': 'passed', 'b.sh': 'passed' });
    expect(fileOf(second.report, 'b.sh')).toMatchObject({ apart: `${what} was in use by a.sh` });
    expect(second.stdout).toMatch(/^Apart +1 file /m);
    expect(overlap(second.report, 'a.sh', 'b.sh')).toBe(false);

    const listed = await runCli(['apart', '--suite', 'port'], { cwd: project.root });
    expect(listed.stdout).toContain(`${what} was in use by a.sh`);
    const forgotten = await runCli(['apart', 'forget', 'b.sh', '--suite', 'port'], { cwd: project.root });
    expect(forgotten).toMatchObject({ exitCode: 0, stdout: 'port: 1 file no longer kept apart\n' });
    expect(await runCli(['apart', '--suite', 'port'], { cwd: project.root })).toMatchObject({
      stdout: 'port: no file is kept apart\n',
    });
    expect(await runCli(['apart', 'forget', 'b.sh', '--suite', 'port'], { cwd: project.root })).toMatchObject({ exitCode: 2 });
  });
});

test('what is red by itself as well stays red, after one look; a red file that ran alone gets none', async () => {
  const scripts = {
    'green.sh': `${together('g', 'r')}; sleep 0.2`,
    'red.sh': `${together('r', 'g')}; echo "attempt $HOLDFAST_ATTEMPT" >> diary; exit 1`,
  };
  await project.addSuite('really', scripts, SECOND_LOOK);
  const { exitCode, report, stdout } = await runSuite(project, 'really', ['--max-failures', '1']);
  expect(exitCode).toBe(1);
  expect(fileOf(report, 'red.sh')).toMatchObject({
    verdict: 'failed',
    reason: null,
    attempts: [
      { outcome: 'failed', beside: ['green.sh'] },
      { outcome: 'failed', alone: true },
    ],
  });
  expect(fileOf(report, 'red.sh')).not.toHaveProperty('company');
  expect(stdout).toContain('red again with the machine to itself');
  expect(stdout).not.toMatch(/Collides/);

  await project.write({ 'really/settled': '' });
  const alone = await runSuite(project, 'really', ['--max-in-flight', '1']);
  expect(fileOf(alone.report, 'red.sh').attempts).toHaveLength(1);
  expect(await project.lines('really/diary')).toEqual(['attempt 1', 'attempt 2', 'attempt 1']);
});

test('where a third of the files is red, the build is broken and nothing runs a second time', async () => {
  const names = Array.from({ length: 9 }, (_, n) => String.fromCharCode(97 + n));
  const scripts = names.map((name, n) => [`${name}.sh`, n < 3 ? `echo ${name} >> diary; sleep 0.1; exit 1` : 'sleep 0.1']);
  await project.addSuite('broken', Object.fromEntries(scripts), SECOND_LOOK);
  const { exitCode, report } = await runSuite(project, 'broken');
  expect(exitCode).toBe(1);
  expect(report.totals).toMatchObject({ planned: 9, failed: 3, passed: 6 });
  expect((await project.lines('broken/diary')).sort()).toEqual(['a', 'b', 'c']);
  expect(report.files.flatMap(({ attempts }) => attempts).some(({ beside }) => beside !== undefined)).toBe(true);
});

/** Did two files run at the same time, by the times of their attempts? */
function overlap(report: Parameters<typeof fileOf>[0], one: string, other: string): boolean {
  const spans = [one, other].map((path) => {
    const [attempt] = fileOf(report, path).attempts;
    const fromMs = Date.parse(attempt?.startedAt ?? '');
    return { fromMs, toMs: fromMs + (attempt?.durationMs ?? 0) };
  });
  const [a, b] = spans.sort((x, y) => x.fromMs - y.fromMs);
  return a === undefined || b === undefined || b.fromMs < a.toMs;
}

test('a file that is red by itself and green after others is green and listed, until a rule gives it what it needs', async () => {
  const suite = { framework: 'mocha', command: undefined, include: ['*.js'], warm: 'off' };
  const files = {
    '.mocharc.json': '{"spec":"*.js"}',
    'a.js': "it('is green', () => {}); it('is red', () => { throw new Error('no'); });",
    'b.js': "it('prepares', () => { globalThis.prepared = true; });",
    'c.js': "it('is green', () => {});",
    'd.js': "it('needs b', () => { if (!globalThis.prepared) throw new Error('not prepared'); });",
    'e.js': "it('comes later', () => {});",
    ...Object.fromEntries(['f', 'g', 'h', 'i', 'j'].map((name) => [`${name}.js`, "it('is green', () => {});"])),
  };
  await project.addSuite('needy', files, { ...suite, ...SECOND_LOOK, maxInFlight: 1 });

  const first = await runSuite(project, 'needy');
  expect(verdictsOf(first.report)).toMatchObject({ 'a.js': 'failed', 'b.js': 'passed', 'd.js': 'flaky', 'e.js': 'passed' });
  expect(fileOf(first.report, 'a.js').attempts).toHaveLength(1); // No file comes before it.
  expect(fileOf(first.report, 'd.js')).toMatchObject({
    company: 'dependsOnFilesBefore',
    reason: 'DependsOnFilesBefore: red by itself, green in one process after a.js, b.js, c.js',
    attempts: [{ outcome: 'failed' }, { outcome: 'passed', after: ['a.js', 'b.js', 'c.js'], cases: [{ name: ['needs b'] }] }],
  });
  expect(first.stdout).toMatch(/^Depends on files before it \(1\)$/m);

  const isolated = await runCli(['isolate', 'd.js', '--suite', 'needy'], { cwd: project.root });
  expect(isolated).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('{"files":"d.js","needs":["b.js"]}') });

  const rules = [{ files: 'd.js', needs: ['b.js'] }];
  await project.addSuite('needy', files, { ...suite, ...SECOND_LOOK, maxInFlight: 1, rules });
  const kept = await runSuite(project, 'needy', ['--fail-on-flaky', 'd.js']);
  expect(kept.exitCode).toBe(0);
  expect(fileOf(kept.report, 'd.js')).toMatchObject({
    verdict: 'passed',
    attempts: [{ outcome: 'passed', cases: [{ name: ['needs b'] }] }],
  });
});
