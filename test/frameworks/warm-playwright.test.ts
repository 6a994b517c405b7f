import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { playwright } from '../../src/frameworks/playwright/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { cold, inOneDispatch, kindOf, running, said, shape, warm } from '../support/run-warm.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 120_000;
const FIXTURES = [
  'tests/ok.spec.ts',
  'tests/sub/ok.spec.ts',
  'tests/fail.spec.ts',
  'tests/all-skipped.spec.ts',
  'tests/sigkill.spec.ts',
  'tests/syntax-error.spec.ts',
  'tests/hook-fails.spec.ts',
  'tests/after-hook-fails.spec.ts',
  'tests/nope.spec.ts',
];

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

test(
  'several files are told as each by itself',
  async () => {
    const [byItself, together] = [running(fixtures, cold, playwright), running(fixtures, warm, playwright)];
    const told = await inOneDispatch(together, FIXTURES);
    for (const [index, file] of FIXTURES.entries()) {
      const expected = await byItself(file);
      expect({ file, ...shape(told[index] as FileRun) }).toEqual({ file, ...shape(expected) });
    }
    const first = await inOneDispatch(together, ['tests/sub/ok.spec.ts', 'tests/ok.spec.ts']);
    expect(first.map(kindOf)).toEqual(['passed', 'passed']);
  },
  2 * PATIENCE_MS,
);

test(
  'one call for them, with cases, output and times of their own, also where projects take them in turns',
  async () => {
    const config = "export default { projects: [{ name: 'a' }, { name: 'b' }] };";
    const files = { 'x.spec.ts': saying("console.log('in x')"), 'y.spec.ts': saying("console.log('in y')") };
    const cwd = await project({ 'playwright.config.ts': config, ...files });
    const [y, x] = (await inOneDispatch(running(cwd, warm, playwright), ['y.spec.ts', 'x.spec.ts'])) as [FileRun, FileRun];
    expect([y, x].map(kindOf)).toEqual(['passed', 'passed']);
    expect(parentOf(x)).toBe(parentOf(y));
    const byItself = shape(await running(cwd, cold, playwright)('x.spec.ts'));
    expect({ ...shape(x), names: shape(x).names.toSorted() }).toEqual({ ...byItself, names: byItself.names.toSorted() }); // `json` puts projects together.
    expect(x.output.match(/in ./g)).toEqual(['in x', 'in x']);
    expect(y.output.match(/in ./g)).toEqual(['in y', 'in y']);
    expect(x.output).toMatch(/✓ \[b\] › two \(\d+ ms\)/);
    expect([y.callMs, x.callMs].some((ms) => ms !== undefined && ms > x.durationMs)).toBe(true);
    expect(said).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'one that is red with others and green by itself is told with those before it; one that is not is red',
  async () => {
    const leaves = saying('globalThis.left = true;');
    const minds = saying('expect(globalThis.left).toBeUndefined();');
    const run = running(
      await project({ 'a.spec.ts': leaves, 'b.spec.ts': minds, 'c.spec.ts': saying('expect(1).toBe(2);') }),
      warm,
      playwright,
    );
    const [a, b, c] = await inOneDispatch(run, ['a.spec.ts', 'b.spec.ts', 'c.spec.ts']);
    expect(a).toMatchObject({ end: { kind: 'passed' } });
    expect(b).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a.spec.ts'] });
    expect(c).toMatchObject({ end: { kind: 'failed' } });
  },
  PATIENCE_MS,
);

test(
  'one by itself shares a call when its own part is known to be short, and has a process otherwise',
  async () => {
    const run = running(await project({ 'a.spec.ts': saying(''), 'b.spec.ts': saying('') }), warm, playwright);
    const first = await run('a.spec.ts', { estimateMs: 10 });
    expect(first.output).toContain('Running 2 tests using 1 worker'); // Nothing is known of the start yet.
    const second = await run('b.spec.ts', { estimateMs: 10 });
    expect(second.output).toContain('✓ one (');
    expect(second.durationMs).toBeLessThan(first.durationMs);
    expect((await run('a.spec.ts', { estimateMs: 600_000 })).output).toContain('Running 2 tests using 1 worker');
  },
  PATIENCE_MS,
);

test(
  'at its deadline one is ended, with all that ran for it',
  async () => {
    const hangs = saying("console.log('own', process.pid); while (true) {}");
    const run = running(await project({ 'a.spec.ts': saying(''), 'b.spec.ts': hangs }), warm, playwright);
    const ahead = { files: ['b.spec.ts'], signal: new AbortController().signal };
    expect(kindOf(await run('a.spec.ts', { ahead }))).toBe('passed');
    const late = await run('b.spec.ts', { timeoutMs: 3_000, ahead: { ...ahead, files: [] } });
    expect(late.end).toMatchObject({ kind: 'timedOut' });
    await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
  },
  PATIENCE_MS,
);
