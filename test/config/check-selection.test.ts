import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import { checkSelection } from '../../src/selection/check-selection.js';
import { aFolder, refusal, settingsIn, UNIT } from './support.js';

type Start = { readonly from?: string; readonly stdin?: string; readonly found?: readonly FrameworkName[] };

/** What is left of a command line after the check: the selection of each suite that takes part. */
async function selections(root: string, words: readonly string[], { from = '.', stdin = '', found = [] }: Start = {}) {
  const cwd = path.join(root, from);
  const { suites } = await checkSelection(await settingsIn(cwd, { words, found }), { cwd, stdin: Readable.from([stdin]) });
  return Object.fromEntries(
    suites.map(({ name, selection: { only, files } }) => [name, files === undefined ? { only } : { only, files }]),
  );
}

const FILES = {
  '.git/': '',
  'tests/a.sh': '',
  'tests/b.sh': '',
  'tests/sub/c.sh': '',
  'tests/[id].sh': '',
  'tests/notes.txt': '',
};
const aProject = () => aFolder({ ...FILES, 'holdfast.config.json': { suites: { unit: UNIT } } });

test.each([
  [['tests/a.sh'], '.', ['tests/a.sh']],
  [['./tests/a.sh'], '.', ['tests/a.sh']],
  [['tests'], '.', ['tests']],
  [['tests/sub/'], '.', ['tests/sub']],
  [['.'], '.', ['.']],
  [['tests/[id].sh'], '.', ['tests/[id].sh']],
  [['tests/[ab].sh'], '.', ['tests/[ab].sh']],
  [['tests/**/c*'], '.', ['tests/**/c*']],
  [['c.sh'], 'tests/sub', ['tests/sub/c.sh']],
  [['../a.sh'], 'tests/sub', ['tests/a.sh']],
  [['*.sh'], 'tests/sub', ['tests/sub/*.sh']],
  [['tests/a.sh'], 'tests/sub', ['tests/a.sh']],
  [[], '.', []],
])('%j said in %s is %j', async (words, from, only) => {
  expect(await selections(await aProject(), words, { from })).toEqual({ unit: { only } });
});

test.each([
  [['gone.sh'], 'FILE_MISSING', 2, 'There is no file "gone.sh" in ROOT.'],
  [
    ['tests/a.sh', 'gone 1.sh', 'gone 2.sh'],
    'FILE_MISSING',
    2,
    'There is no file "gone 1.sh" in ROOT.\nThere is no file "gone 2.sh" in ROOT.',
  ],
  [['../outside.sh'], 'FILE_MISSING', 2, 'There is no file "../outside.sh" in ROOT.'],
  [['nothing/*.sh'], 'NO_MATCH', 4, '"nothing/*.sh" matches no file in ROOT.'],
  [['tests/notes.txt'], 'NO_MATCH', 4, '"tests/notes.txt" is left out by include or exclude.'],
  [['--exclude', 'tests/a*', 'tests/a.sh'], 'NO_MATCH', 4, '"tests/a.sh" is left out by include or exclude.'],
  [['--include', 'none/*'], 'NO_MATCH', 4, 'Suite unit: no file in ROOT matches "none/*" without being excluded.'],
  [['--exclude', '**/*'], 'NO_MATCH', 4, 'Suite unit: no file in ROOT matches "tests/**/*.sh" without being excluded.'],
])('%j is refused with %s', async (words, code, exitCode, sentence) => {
  const root = await aProject();
  const error = await refusal(selections(root, words));
  expect({ code: error.code, exitCode: error.exitCode, what: error.what.replaceAll(root, 'ROOT') }).toEqual({
    code,
    exitCode,
    what: sentence,
  });
});

test('many missing files are counted, not listed', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `gone-${index}.sh`);
  const { what } = await refusal(selections(await aProject(), names));
  expect(what.split('\n')).toHaveLength(6);
  expect(what).toMatch(/And 4 more\.$/);
});

test('with --pass-with-no-tests a pattern may match nothing, and then nothing runs; a missing file is still missing', async () => {
  const root = await aProject();
  const empty = { unit: { only: [], files: [] } };
  expect(await selections(root, ['--pass-with-no-tests', 'nothing/*.sh'])).toEqual(empty);
  expect(await selections(root, ['--pass-with-no-tests', '--include', 'none/*'])).toEqual({ unit: { only: [] } });
  expect(await selections(root, ['--pass-with-no-tests', '--files-from', '-'])).toEqual(empty);
  expect((await refusal(selections(root, ['--pass-with-no-tests', 'gone.sh']))).code).toBe('FILE_MISSING');
});

test.each([
  ['lines', 'tests/a.sh\ntests/b.sh\n\n', ['tests/a.sh', 'tests/b.sh']],
  ['lines of Windows', 'tests/a.sh\r\ntests/b.sh\r\n', ['tests/a.sh', 'tests/b.sh']],
  ['names divided by NUL', 'tests/a.sh\0tests/[id].sh\0', ['tests/a.sh', 'tests/[id].sh']],
  ['the same name twice', 'tests/a.sh\ntests/a.sh', ['tests/a.sh']],
])('--files-from reads %s', async (_, text, files) => {
  const root = await aProject();
  expect(await selections(root, ['--files-from', '-'], { stdin: text })).toEqual({ unit: { only: [], files } });
});

test('--files-from reads a file, from the folder the command was started in; its names may hold newlines', async () => {
  const root = await aFolder({
    ...FILES,
    'tests/new\nline.sh': '',
    'sub/list': 'tests/new\nline.sh\0',
    'holdfast.config.json': { suites: { unit: UNIT } },
  });
  expect(await selections(root, ['--files-from', 'list'], { from: 'sub' })).toEqual({
    unit: { only: [], files: ['tests/new\nline.sh'] },
  });
});

test.each([
  ['an empty list', '\n', '-', 'NO_MATCH', 'The list of files - is empty.'],
  ['a missing file in the list', 'tests/a.sh\ngone.sh', '-', 'FILE_MISSING', 'There is no file "gone.sh" in ROOT.'],
  ['a glob in the list, which is none', 'tests/*.sh', '-', 'FILE_MISSING', 'There is no file "tests/*.sh" in ROOT.'],
  ['a list that is not there', '', 'gone.txt', 'FILE_MISSING', 'The list of files ROOT/gone.txt cannot be read: ENOENT'],
])('%s is refused', async (_, stdin, list, code, sentence) => {
  const root = await aProject();
  const error = await refusal(selections(root, ['--files-from', list], { stdin }));
  expect(error.code).toBe(code);
  expect(error.what.replaceAll(root, 'ROOT')).toContain(sentence);
});

test('each suite gets what belongs to it, and one without a part in the run stays away', async () => {
  const suite = (include: string) => ({ ...UNIT, include: [include] });
  const root = await aFolder({
    'unit/a.sh': '',
    'slow/b.sh': '',
    'web/test/c.test.js': '',
    'holdfast.config.json': {
      suites: { unit: suite('unit/*.sh'), slow: suite('slow/*.sh'), web: { framework: 'vitest', cwd: 'web' } },
    },
  });
  expect(await selections(root, ['unit/a.sh', 'web/test/c.test.js'])).toEqual({
    unit: { only: ['unit/a.sh'] },
    web: { only: ['test/c.test.js'] },
  });
  expect(await selections(root, ['*/b*'])).toEqual({ slow: { only: ['*/b*'] } });
  expect(await selections(root, ['web/**/*.js'])).toEqual({ web: { only: ['**/*.js'] } });
  expect(await selections(root, ['--files-from', '-'], { stdin: 'slow/b.sh' })).toEqual({
    slow: { only: [], files: ['slow/b.sh'] },
  });
});

test('for go a folder is what can be named', async () => {
  const root = await aFolder({ 'go.mod': '', 'pkg/a/a_test.go': '' });
  expect(await selections(root, ['pkg/a'], { found: ['go'] })).toEqual({ go: { only: ['pkg/a'] } });
  expect(await selections(root, ['pkg/*'], { found: ['go'] })).toEqual({ go: { only: ['pkg/*'] } });
});

test('a suite whose folder is not there is refused', async () => {
  const root = await aFolder({ 'holdfast.config.json': { suites: { unit: { ...UNIT, cwd: 'gone' } } } });
  expect(await refusal(selections(root, []))).toMatchObject({
    code: 'CONFIG_INVALID',
    what: `suites.unit.cwd must be a folder, and ${root}/gone is not one.`,
  });
});

test('what a remote holds is not looked for here', async () => {
  const source = { kind: 'git', remote: 'https://example.org/a.git', revision: 'main' };
  const root = await aFolder({ 'holdfast.config.json': { suites: { far: { ...UNIT, source } } } });
  expect(await selections(root, ['tests/there.sh'])).toEqual({ far: { only: ['tests/there.sh'] } });
  expect(await selections(root, ['--files-from', '-'], { stdin: 'tests/there.sh' })).toEqual({
    far: { only: [], files: ['tests/there.sh'] },
  });
});
