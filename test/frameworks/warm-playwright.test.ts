import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { playwright } from '../../src/frameworks/playwright/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { row } from '../support/expected.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, expectSame, inOneDispatch, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { PLAYWRIGHT } from './expected/playwright.js';

/** Files that end in as many ways as there are; each further red one would also run by itself, which takes seconds. */
const TOGETHER = ['ok', 'sub/ok', 'fail', 'all-skipped', 'sigkill', 'syntax-error', 'hook-fails', 'after-hook-fails', 'nope'].map(
  (name) => `tests/${name}.spec.ts`,
);

/** A copy: playwright leaves what it recorded of red tests beside its files. */
const fixtures = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-playwright-')));
await cp(join(import.meta.dirname, '../fixtures/playwright'), fixtures, { recursive: true });
await symlink(join(import.meta.dirname, '../../node_modules'), join(fixtures, 'node_modules'));
afterAll(() => rm(fixtures, { recursive: true, force: true }));

const project = (files: Readonly<Record<string, string>>) =>
  temporaryProject({ 'playwright.config.ts': 'export default {};', ...files });
const saying = (body: string) =>
  `import { test, expect } from '@playwright/test';\ntest('one', () => { console.log('says', process.ppid, process.env.HOLDFAST_ATTEMPT); ${body} });\ntest('two', () => {});\n`;
const parentOf = ({ output }: FileRun) => /says (\d+) 1/.exec(output)?.[1];

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const run = running(fixtures, aWarmWorker(), playwright);
  const rows = PLAYWRIGHT.filter(({ file }) => TOGETHER.includes(file));
  expect(rows).toHaveLength(TOGETHER.length);
  const results = await inOneDispatch(
    run,
    rows.map(({ file }) => file),
  );
  for (const [index, expected] of rows.entries()) expectSame(results[index] as FileRun, expected);
  const again = await inOneDispatch(run, ['tests/sub/ok.spec.ts', 'tests/ok.spec.ts']);
  expect(again.map(kindOf)).toEqual(['passed', 'passed']);
});

test('one call for them, with cases, output and times of their own, also where projects take them in turns', async () => {
  const worker = aWarmWorker();
  const config = "export default { projects: [{ name: 'a' }, { name: 'b' }] };";
  const files = { 'x.spec.ts': saying("console.log('in x')"), 'y.spec.ts': saying("console.log('in y')") };
  const cwd = await project({ 'playwright.config.ts': config, ...files });
  const [y, x] = (await inOneDispatch(running(cwd, worker, playwright), ['y.spec.ts', 'x.spec.ts'])) as [FileRun, FileRun];
  expect([y, x].map(kindOf)).toEqual(['passed', 'passed']);
  expect(parentOf(x)).toBe(parentOf(y));
  const names = ['passed [a] > one', 'passed [a] > two', 'passed [b] > one', 'passed [b] > two'];
  const expected = row('x.spec.ts', 0, 'passed', names); // Sorted: `json` puts projects together.
  expect({ file: 'x.spec.ts', ...shape(x), names: shape(x).names.toSorted() }).toEqual(expected);
  expect(x.output.match(/in ./g)).toEqual(['in x', 'in x']);
  expect(y.output.match(/in ./g)).toEqual(['in y', 'in y']);
  expect(x.output).toMatch(/✓ \[b\] › two \(\d+ ms\)/);
  expect([y.callMs, x.callMs].some((ms) => ms !== undefined && ms > x.durationMs)).toBe(true);
  expect(worker.log).toEqual([]);
});

test('one that is red with others and green by itself is told with those before it; one that is not is red', async () => {
  const worker = aWarmWorker();
  const leaves = saying('globalThis.left = true;');
  const minds = saying('expect(globalThis.left).toBeUndefined();');
  const run = running(
    await project({ 'a.spec.ts': leaves, 'b.spec.ts': minds, 'c.spec.ts': saying('expect(1).toBe(2);') }),
    worker,
    playwright,
  );
  const [a, b, c] = await inOneDispatch(run, ['a.spec.ts', 'b.spec.ts', 'c.spec.ts']);
  expect(a).toMatchObject({ end: { kind: 'passed' } });
  expect(b).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a.spec.ts'] });
  expect(c).toMatchObject({ end: { kind: 'failed' } });
});

test('one by itself shares a call when its own part is known to be short, and has a process otherwise', async () => {
  const worker = aWarmWorker();
  const run = running(await project({ 'a.spec.ts': saying(''), 'b.spec.ts': saying('') }), worker, playwright);
  const first = await run('a.spec.ts', { estimateMs: 10 });
  expect(first.output).toContain('Running 2 tests using 1 worker'); // Nothing is known of the start yet.
  const second = await run('b.spec.ts', { estimateMs: 10 });
  expect(second.output).toContain('✓ one (');
  expect(second.durationMs).toBeLessThan(first.durationMs);
  expect((await run('a.spec.ts', { estimateMs: 600_000 })).output).toContain('Running 2 tests using 1 worker');
});

test('at its timeout one is ended, with all that ran for it', async () => {
  const hangs = saying("console.log('own', process.pid); require('node:fs').writeFileSync('begun', ''); while (true) {}");
  const cwd = await project({ 'a.spec.ts': saying(''), 'b.spec.ts': hangs });
  const run = running(cwd, aWarmWorker(), playwright);
  const ahead = { files: ['b.spec.ts'], signal: new AbortController().signal };
  expect(kindOf(await run('a.spec.ts', { ahead }))).toBe('passed');
  await until('the next one has begun', () => existsSync(join(cwd, 'begun')));
  const late = await run('b.spec.ts', { timeoutMs: 3_000, ahead: { ...ahead, files: [] } });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
});
