import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/playwright/about.js';
import { playwright } from '../../src/frameworks/playwright/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, oddNames, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { PLAYWRIGHT } from './expected/playwright.js';

/** A copy of the fixtures: playwright leaves what it recorded of red tests beside them. */
const copy = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-playwright-')));
await cp(join(import.meta.dirname, '../fixtures/playwright'), copy, { recursive: true });
await symlink(join(import.meta.dirname, '../../node_modules'), join(copy, 'node_modules'));
afterAll(() => rm(copy, { recursive: true, force: true }));

const folder = suiteFolder(playwright, copy);
const GREEN = "import { test } from '@playwright/test';\ntest('green', () => {});\n";
const CONFIG = { 'playwright.config.ts': 'export default {};' };
const CHROMIUM = '/usr/bin/chromium';

const runOf = runsOf(playwright, () => folder);

describe('what playwright leaves behind', () => {
  test.concurrent.each(PLAYWRIGHT)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, PLAYWRIGHT, {
      passes: 'tests/ok.spec.ts',
      fails: 'tests/fail.spec.ts',
      noTests: 'tests/no-tests.spec.ts',
      allSkipped: 'tests/all-skipped.spec.ts',
      killed: 'tests/sigkill.spec.ts',
      exitsZero: 'tests/exit-zero.spec.ts',
      syntaxError: 'tests/syntax-error.spec.ts',
      missingImport: 'tests/missing-import.spec.ts',
      noSuchFile: 'tests/nope.spec.ts',
    });
  });
});

test('cases carry their path, message, stack, retries and duration', async () => {
  const { reading, output } = await runOf('tests/fail.spec.ts');
  const durationMs = expect.any(Number);
  expect(reading.cases).toHaveLength(4);
  expect(reading.cases).toEqual(
    expect.arrayContaining([
      { name: ['outer', 'is green'], status: 'passed', durationMs, message: null },
      {
        name: ['outer', 'is red'],
        status: 'failed',
        durationMs,
        message: expect.stringMatching(/^Error: expect\(received\)\.toEqual\(expected\)[\s\S]*"answer": 41,/),
        stack: expect.stringMatching(/fail\.spec\.ts:7:\d+/),
        retries: 2,
      },
      { name: ['is green at the third go'], status: 'passed', durationMs, message: null, retries: 2 },
      {
        name: ['is green against its word'],
        status: 'failed',
        durationMs,
        message: 'It was expected to fail, and passed.',
        retries: 2,
      },
    ]),
  );
  expect(output).toContain('fail.spec.ts:7:3 › outer › is red');
  expect(output).toBe(stripVTControlCharacters(output));
});

test('lists what playwright would run, and files that cannot be loaded too', async () => {
  const files = await playwright.list(folder);
  expect(files).toEqual(files.toSorted());
  const all = await readdir(join(folder.cwd, 'tests'), { recursive: true });
  const expected = all.filter((name) => name.endsWith('.ts') && name !== 'no-tests.spec.ts').map((name) => `tests/${name}`);
  expect(files).toEqual(expected.toSorted());
});

test('a broken file that others import fails the listing', async () => {
  const cwd = await temporaryProject({ ...CONFIG, 'a.spec.ts': "import './helper';", 'helper.ts': 'const = ;' });
  await expect(playwright.list(suiteFolder(playwright, cwd))).rejects.toMatchObject({ code: 'LISTING_FAILED' });
});

test('odd file names run as themselves, and the words after -- are passed on', async () => {
  const names = oddNames('.ts');
  const cwd = await temporaryProject({ ...CONFIG, ...Object.fromEntries(names.map((name) => [name, GREEN])) });
  const odd = suiteFolder(playwright, cwd, { args: ['--grep=green'] });
  expect(await playwright.list(odd)).toEqual(names.toSorted());
  for (const name of names) {
    const { reading, output } = await runFramework(playwright, odd, name);
    expect({ name, kind: reading.kind, cases: reading.cases.length, output }).toEqual({ name, kind: 'passed', cases: 1, output });
  }
});

test('a project reached through a link is read all the same', async () => {
  const cwd = await temporaryProject({ 'real/a.spec.ts': GREEN, 'real/playwright.config.ts': CONFIG['playwright.config.ts'] });
  await symlink(join(cwd, 'real'), join(cwd, 'link'));
  const linked = suiteFolder(playwright, join(cwd, 'link'));
  expect(await playwright.list(linked)).toEqual(['a.spec.ts']);
  const { reading, output } = await runFramework(playwright, linked, 'a.spec.ts');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
});

test('a file runs in each project that has it, and what it depends on is told where that fails', async () => {
  const cwd = await temporaryProject({
    'playwright.config.ts': `export default { projects: [
      { name: 'set up', testMatch: 'setup.ts' }, { name: 'one', dependencies: ['set up'] }, { name: 'two' }] };`,
    'setup.ts':
      "import { test } from '@playwright/test';\ntest('the database', () => { if (process.env.DOWN) throw new Error('is down'); });\n",
    'a.spec.ts': GREEN,
  });
  const up = await runFramework(playwright, suiteFolder(playwright, cwd), 'a.spec.ts');
  expect(up.reading).toMatchObject({ kind: 'passed', cases: [{ name: ['[one]', 'green'] }, { name: ['[two]', 'green'] }] });
  const down = suiteFolder(playwright, cwd, { env: { DOWN: '1' }, args: ['--project=one'] });
  const { reading } = await runFramework(playwright, down, 'a.spec.ts');
  expect(reading).toMatchObject({ kind: 'failed', cases: [{ status: 'failed', name: ['a.spec.ts'] }] });
  expect(reading.cases[0]?.message).toBe('It depends on "[set up] › the database", which failed: Error: is down');
});

const PAGE = `import { expect, test } from '@playwright/test';
test('shows a page', async ({ page }) => {
  await page.setContent('<h1>Hold fast</h1>');
  await expect(page.getByRole('heading')).toHaveText('Hold fast');
});`;

test.runIf(existsSync(CHROMIUM))('a browser is driven', async () => {
  const launch = `{ executablePath: '${CHROMIUM}', args: ['--no-sandbox'] }`;
  const cwd = await temporaryProject({
    'playwright.config.ts': `export default { use: { launchOptions: ${launch} } };`,
    'a.spec.ts': PAGE,
  });
  const { reading, output } = await runFramework(playwright, suiteFolder(playwright, cwd), 'a.spec.ts');
  expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
});

test('a machine without the browser could not run the file, which is nothing the test did', async () => {
  const cwd = await temporaryProject({ ...CONFIG, 'a.spec.ts': PAGE });
  const nowhere = suiteFolder(playwright, cwd, { env: { PLAYWRIGHT_BROWSERS_PATH: join(cwd, 'none') } });
  const { reading } = await runFramework(playwright, nowhere, 'a.spec.ts');
  expect(reading).toMatchObject({
    kind: 'couldNotRun',
    reason: expect.stringContaining('There is no browser for playwright here'),
  });
});

test('a missing framework is named', async () => {
  expect(await playwright.missing(folder)).toBeNull();
  expect(await playwright.version(folder)).toMatch(/^\d+\.\d+/);
  expect(await playwright.missing(suiteFolder(playwright, '/'))).toMatch(/@playwright\/test is not installed/);
});
