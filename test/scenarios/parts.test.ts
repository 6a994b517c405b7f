import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { fileOf, runSuite } from '../support/result.js';

const project = await aRunningProject({ slots: 2 });
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));

/** A mocha file of cases by title, each with what it does; each writes down that it began, its part and its attempt. */
const fileOfCases = (cases: Readonly<Record<string, string>>) => `
const { appendFileSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');
const { HOLDFAST_PART = 'whole', HOLDFAST_ATTEMPT } = process.env;
describe('long', function () {
  this.timeout(0);
  ${Object.entries(cases)
    .map(
      ([title, body]) =>
        `it(${JSON.stringify(title)}, async () => { appendFileSync('diary', ${JSON.stringify(title)} + ' ' + HOLDFAST_PART + ' ' + HOLDFAST_ATTEMPT + '\\n'); ${body} });`,
    )
    .join('\n  ')}
});`;
/** Twice as long where the file runs whole: also on a busy machine its cases take more than its start then, and are worth parts. */
const waits = (ms: number) => `await delay(HOLDFAST_PART === 'whole' ? ${2 * ms} : ${ms});`;
const suite = { framework: 'mocha', include: ['*.js'], command: undefined, rules: [{ files: 'long.js', splitOverMs: 1_000 }] };
const FOUR = { a: waits(1_000), b: waits(1_000), c: waits(1_000), d: waits(1_000) };

async function diaryOf(name: string): Promise<string[]> {
  const lines = await project.lines(`${name}/diary`);
  await project.write({ [`${name}/diary`]: '' });
  return lines.sort();
}

test('a file that takes too long is run in parts the next time, and has one verdict, each case once', async () => {
  await project.addSuite('cut', { 'long.js': fileOfCases(FOUR), '.mocharc.json': '{"spec":"*.js"}' }, suite);
  const first = await runSuite(project, 'cut');
  expect(fileOf(first.report, 'long.js').attempts).toHaveLength(1);
  expect(fileOf(first.report, 'long.js').attempts[0]).not.toHaveProperty('parts');
  expect(await diaryOf('cut')).toEqual(['a whole 1', 'b whole 1', 'c whole 1', 'd whole 1']);

  const plan = await runCli(['run', '--suite', 'cut', '--dry-run'], { cwd: project.root });
  expect(plan.stdout).toMatch(/^1 +long\.js .*parts of up to 1\.0 s/m);

  const { exitCode, report, stdout } = await runSuite(project, 'cut');
  expect(exitCode).toBe(0);
  expect(report.totals).toMatchObject({ planned: 1, passed: 1, cases: { passed: 4, failed: 0, skipped: 0 } });
  const { attempts, verdict, estimateMs } = fileOf(report, 'long.js');
  expect(verdict).toBe('passed');
  expect(attempts).toHaveLength(1);
  const [attempt] = attempts;
  expect(attempt?.cases.map(({ name }) => name.at(-1)).sort()).toEqual(['a', 'b', 'c', 'd']);
  const parts = attempt?.parts ?? [];
  expect(parts.length).toBeGreaterThanOrEqual(2);
  expect(parts.every(({ cases, left }) => cases + (left ?? 0) === 4)).toBe(true);
  expect((await diaryOf('cut')).map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'c', 'd']);
  expect(report.run.makespanMs).toBeLessThan(attempt?.durationMs ?? 0); // The parts ran side by side.
  expect(report.run.makespanMs).toBeGreaterThanOrEqual(report.run.boundMs);
  expect(estimateMs).toBeGreaterThan(2_000);
  expect(stdout).toContain('planned 1 = passed 1');
});

test('only the part that is red is repeated', async () => {
  const red = `${waits(1_000)} if (HOLDFAST_PART !== 'whole' && HOLDFAST_ATTEMPT === '1') throw new Error('not yet');`;
  const files = { 'long.js': fileOfCases({ ...FOUR, a: red }), '.mocharc.json': '{"spec":"*.js"}' };
  // In a process of its own each: what is red in a session runs once more at once.
  await project.addSuite('repeat', files, { ...suite, retries: 1, warm: 'off' });
  expect((await runSuite(project, 'repeat')).exitCode).toBe(0);
  await diaryOf('repeat');

  const { exitCode, report } = await runSuite(project, 'repeat');
  expect(exitCode).toBe(0);
  const { verdict, attempts } = fileOf(report, 'long.js');
  expect({ verdict, outcomes: attempts.map(({ outcome }) => outcome) }).toEqual({
    verdict: 'flaky',
    outcomes: ['failed', 'passed'],
  });
  const red1 = attempts[0]?.parts?.find(({ outcome }) => outcome === 'failed')?.number;
  for (const { number, attempt } of attempts[1]?.parts ?? []) expect(attempt).toBe(number === red1 ? 2 : 1);
  expect(attempts.map(({ cases }) => cases.length)).toEqual([4, 4]);
  const diary = await diaryOf('repeat');
  expect(diary.filter((line) => line.endsWith(' 2')).map((line) => line.split(' ')[0])).toContain('a');
  expect(diary.filter((line) => line.endsWith(' 1'))).toHaveLength(4);
  expect(diary.length).toBeLessThan(8); // The cases of the green part ran once.
});

test('a case that is new belongs to the last part, and one that is gone is missed by nobody', async () => {
  const cut = (cases: Readonly<Record<string, string>>) => ({
    'long.js': fileOfCases(cases),
    '.mocharc.json': '{"spec":"*.js"}',
  });
  await project.addSuite('changed', cut(FOUR), suite);
  await runSuite(project, 'changed');
  await diaryOf('changed');
  const { a: _, ...rest } = FOUR;
  await project.addSuite('changed', cut({ ...rest, fresh: waits(1) }), suite);
  const { exitCode, report } = await runSuite(project, 'changed');
  expect(exitCode).toBe(0);
  const [attempt] = fileOf(report, 'long.js').attempts;
  expect(attempt?.cases.map(({ name }) => name.at(-1)).sort()).toEqual(['b', 'c', 'd', 'fresh']);
  const of = attempt?.parts?.length;
  expect(await diaryOf('changed')).toContain(`fresh ${of}/${of} 1`);
});

test('parts of which none runs a case that each of them sees do not make a green file', async () => {
  const odd = `${fileOfCases(FOUR)}\nfor (let n = 0; n < process.pid % 1000; n += 1) it(String(n), () => {});`;
  await project.addSuite('odd', { 'long.js': odd, '.mocharc.json': '{"spec":"*.js"}' }, suite);
  expect((await runSuite(project, 'odd')).exitCode).toBe(0);
  const { exitCode, report } = await runSuite(project, 'odd');
  expect(exitCode).toBe(3);
  expect(fileOf(report, 'long.js')).toMatchObject({ verdict: 'infraError', reason: expect.stringMatching(/^PartsDisagree: /) });
});

test('what never runs twice at once, and what cannot select cases, stays whole', async () => {
  const files = { 'long.js': fileOfCases(FOUR), '.mocharc.json': '{"spec":"*.js"}' };
  await project.addSuite('once', files, { ...suite, rules: [{ files: 'long.js', splitOverMs: 1_000, overlap: false }] });
  await project.addSuite('shell', { 'long.sh': 'sleep 1.5' }, { rules: [{ files: '*.sh', splitOverMs: 1_000 }] });
  for (const [name, file] of [
    ['once', 'long.js'],
    ['shell', 'long.sh'],
  ] as const) {
    await runSuite(project, name);
    const { exitCode, report } = await runSuite(project, name);
    expect(exitCode).toBe(0);
    expect(fileOf(report, file).attempts[0]).not.toHaveProperty('parts');
  }
});
