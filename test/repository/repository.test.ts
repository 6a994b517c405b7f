import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileCodeowners, repository } from '../../src/adapters/repository/index.js';
import { parseQuarantine } from '../../src/adapters/repository/quarantine.js';
import { compileQuarantine, isQuarantinedCase } from '../../src/core/plan/quarantine.js';
import { compileGlob } from '../../src/frameworks/select.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-repository-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FILE = `# What is known to be broken.
- { file: tests/shaky.sh, reason: "race in login", owner: "@team", expires: 2027-01-31 }
- file: tests/db-*.sh
  case: "writes *"
  reason: slow disk
  expires: 2026-12-01
  environments: [staging]
`;

test('entries are read with their lines', () => {
  expect(parseQuarantine(FILE)).toEqual([
    { file: 'tests/shaky.sh', reason: 'race in login', owner: '@team', expires: '2027-01-31', environments: [], line: 2 },
    { file: 'tests/db-*.sh', case: 'writes *', reason: 'slow disk', expires: '2026-12-01', environments: ['staging'], line: 3 },
  ]);
});

test.each(['', '# nothing yet\n', '[]'])('a quarantine of nobody: %j', (text) => {
  expect(parseQuarantine(text)).toEqual([]);
});

test.each([
  ['- { file: a.sh, reason: r }', /line 1: expires must be a day .* every quarantine has an end/],
  ['- { file: a.sh, reason: r, expires: never }', /line 1: expires must be a day/],
  ['- { file: a.sh, reason: r, expires: 2026-02-30 }', /line 1: expires must be a day/],
  ['- { file: a.sh, expires: 2027-01-01 }', /line 1: reason must be a string/],
  ['\n- { file: a.sh, reason: r, expires: 2027-01-01, untill: x }', /line 2: untill is not known here/],
  ['- just words', /line 1: it must be an entry/],
  ['file: a.sh', /must be a list of entries/],
  ['- { file: a.sh', /line \d is not valid YAML/],
])('refused: %s', (text, sentence) => {
  expect(() => parseQuarantine(text)).toThrow(sentence);
});

const shieldsOn = (today: string, environment: string | null = null) =>
  compileQuarantine(parseQuarantine(FILE), { today, environment, compileGlob });

test('an entry holds through its last day, and is told as expired afterwards', () => {
  expect(shieldsOn('2027-01-31')('tests/shaky.sh')).toMatchObject({ cases: null, isExpired: false });
  expect(shieldsOn('2027-02-01')('tests/shaky.sh')).toMatchObject({
    isExpired: true,
    reason: 'race in login (holdfast.quarantine.yaml line 2, until 2027-01-31, @team)',
  });
  expect(shieldsOn('2027-01-31')('tests/other.sh')).toBeUndefined();
});

test('an entry for some environments holds in no other', () => {
  expect(shieldsOn('2026-11-01', 'staging')('tests/db-1.sh')).toMatchObject({ cases: ['writes *'] });
  expect(shieldsOn('2026-11-01')('tests/db-1.sh')).toBeUndefined();
});

test.each([
  [['store', 'writes a row'], true],
  [['writes a row'], true],
  [['store', 'reads a row'], false],
  [['store (a+b)', 'x'], false],
])('case %j is one that may fail: %s', (name, expected) => {
  expect(isQuarantinedCase(name, ['writes *'])).toBe(expected);
});

test('the last rule of CODEOWNERS that matches tells, from the root of the repository', async () => {
  const suite = path.join(folder, 'packages/web');
  await mkdir(path.join(folder, '.git'), { recursive: true });
  await mkdir(path.join(folder, '.github'));
  await mkdir(suite, { recursive: true });
  await writeFile(
    path.join(folder, '.github/CODEOWNERS'),
    '* @all # everybody\n/packages/web/ @web @design\n*.sh @shell\n/packages/web/none/\n',
  );
  const found = await repository.readCodeowners(suite, suite);
  if (found === null) throw new Error('There is no CODEOWNERS.');
  const ownerOf = compileCodeowners(found);
  expect(['a.test.ts', 'x/b.sh', 'none/c.test.ts'].map(ownerOf)).toEqual(['@web @design', '@shell', undefined]);
});

test('the root itself, which may be a package, belongs to whoever owns everything; what is outside, to nobody', () => {
  const ownerOf = compileCodeowners({ text: '* @all\n/web/ @web\n', prefix: '' });
  expect(['.', 'web/a.test.ts', '../other', '../other/a.test.ts'].map(ownerOf)).toEqual(['@all', '@web', undefined, undefined]);
});

test('a repository without them has no owners and no quarantine', async () => {
  expect(await repository.readCodeowners(folder, folder)).toBeNull();
  expect(await repository.readQuarantine(folder)).toEqual([]);
});

test('a digest changes with the content, and a folder has none', async () => {
  await writeFile(path.join(folder, 'a'), 'one');
  const before = await repository.digestsOf(folder, ['a', '.']);
  await writeFile(path.join(folder, 'a'), 'two');
  const after = await repository.digestsOf(folder, ['a', '.']);
  expect(Object.keys(before)).toEqual(['a']);
  expect(after.a).not.toBe(before.a);
});
