import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FRAMEWORKS } from '../../src/core/model/frameworks.js';
import type { Selection } from '../../src/core/model/suite.js';
import { command } from '../../src/frameworks/command/adapter.js';
import { frameworkOf, listTestFiles } from '../../src/frameworks/index.js';
import { selectFiles } from '../../src/frameworks/select.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';

const ALL = { include: [], exclude: [], only: [] };
const FILES = [
  '-dash.test.ts',
  'a b "c".test.ts',
  'new\nline.test.ts',
  'src/[id].test.ts',
  'src/i.test.ts',
  'src/deep/x.test.ts',
  '.hidden/h.test.ts',
];

test.each<[string, Partial<Selection>, string[]]>([
  ['everything', {}, FILES],
  ['include', { include: ['src/**'] }, ['src/[id].test.ts', 'src/i.test.ts', 'src/deep/x.test.ts']],
  ['include with a leading ./', { include: ['./src/*.test.ts'] }, ['src/[id].test.ts', 'src/i.test.ts']],
  ['include that excludes', { include: ['src/**', '!src/deep/**'] }, ['src/[id].test.ts', 'src/i.test.ts']],
  ['an include that only excludes', { include: ['!src/**', '!.*/**', '!*'] }, []],
  ['exclude', { exclude: ['src/deep', '**/*.test.ts'] }, []],
  ['exclude wins', { include: ['src/**'], exclude: ['src/deep/**'] }, ['src/[id].test.ts', 'src/i.test.ts']],
  ['a path before a glob', { only: ['src/[id].test.ts'] }, ['src/[id].test.ts']],
  ['a glob', { only: ['src/[ij].test.ts'] }, ['src/i.test.ts']],
  ['a folder', { only: ['src'] }, ['src/[id].test.ts', 'src/i.test.ts', 'src/deep/x.test.ts']],
  ['a folder with a slash', { only: ['./src/deep/'] }, ['src/deep/x.test.ts']],
  ['the folder itself', { only: ['.'] }, FILES],
  ['a path outside in', { only: ['/home/me/src/i.test.ts', '/home/me/src/deep'] }, ['src/i.test.ts', 'src/deep/x.test.ts']],
  [
    'odd names',
    { only: ['-dash.test.ts', './a b "c".test.ts', 'new\nline.test.ts'] },
    ['-dash.test.ts', 'a b "c".test.ts', 'new\nline.test.ts'],
  ],
  ['a hidden file', { only: ['**/h.test.ts'] }, ['.hidden/h.test.ts']],
  ['named twice, run once', { only: ['src/i.test.ts', 'src/i*'] }, ['src/i.test.ts']],
  ['files', { files: ['src/[id].test.ts', './src/i.test.ts'] }, ['src/[id].test.ts', 'src/i.test.ts']],
  ['no files', { files: [] }, []],
  ['files and only: both', { files: ['src/i.test.ts', '-dash.test.ts'], only: ['src'] }, ['src/i.test.ts']],
])('%s', (_what, selection, expected) => {
  expect(selectFiles(FILES, { ...ALL, ...selection }, '/home/me')).toEqual({ files: expected.toSorted(), unmatched: [] });
});

test.each<[string, Partial<Selection>, string[]]>([
  ['a path', { only: ['src/i.test.ts', 'src/none.test.ts'] }, ['src/none.test.ts']],
  ['a glob', { only: ['lib/**'] }, ['lib/**']],
  ['half the name of a folder', { only: ['sr'] }, ['sr']],
  ['what is excluded', { only: ['src/i.test.ts'], exclude: ['**/i.*'] }, ['src/i.test.ts']],
  ['a glob among files', { files: ['src/*'] }, ['src/*']],
  ['a place outside', { only: ['/elsewhere/src/i.test.ts', '../src'] }, ['/elsewhere/src/i.test.ts', '../src']],
])('%s that stands for no file is named', (_what, selection, unmatched) => {
  expect(selectFiles(FILES, { ...ALL, ...selection }, '/home/me').unmatched).toEqual(unmatched);
});

test('packages of go are chosen by their folders', () => {
  const packages = ['.', 'internal', 'internal/color', 'zapcore'];
  const chosen = (selection: Partial<Selection>) => selectFiles(packages, { ...ALL, ...selection }, '/home/me').files;
  expect(chosen({ include: ['**'] })).toEqual(packages);
  expect(chosen({ include: ['internal/**'] })).toEqual(['internal', 'internal/color']);
  expect(chosen({ exclude: ['internal/**'] })).toEqual(['.', 'zapcore']);
  expect(chosen({ only: ['./zapcore'] })).toEqual(['zapcore']);
  expect(chosen({ exclude: ['.'] })).toEqual(['internal', 'internal/color', 'zapcore']);
});

describe('the files of a suite', () => {
  const project = async () => {
    const cwd = await temporaryProject({ 'tests/a.sh': '', 'tests/b.sh': '', 'tests/[c].sh': '', 'README.txt': '' });
    const folder = suiteFolder(command, cwd);
    return { ...folder, spec: { ...folder.spec, command: ['sh', '{file}'] } };
  };
  const include = ['tests/*.sh'];

  test('of a command are those its patterns name', async () => {
    const folder = await project();
    expect(await listTestFiles(folder, { ...ALL, include })).toEqual(['tests/[c].sh', 'tests/a.sh', 'tests/b.sh']);
    expect(await listTestFiles(folder, { ...ALL, include: [...include, '!tests/b.sh'] })).toEqual(['tests/[c].sh', 'tests/a.sh']);
    expect(await listTestFiles(folder, { ...ALL, include: ['none/**'] })).toEqual([]);
    expect(await listTestFiles(folder, { ...ALL, only: ['tests/a.sh'] })).toEqual(['tests/a.sh']);
    await expect(listTestFiles(folder, ALL)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each([
    ['tests/none.sh', 'FILE_MISSING', '"tests/none.sh" does not exist.'],
    ['README.txt', 'NO_MATCH', '"README.txt" exists, but holds no test file of this suite (command).'],
    ['lib/*.sh', 'NO_MATCH', '"lib/*.sh" matches no test file.'],
    ['tests/b.sh', 'NO_MATCH', '"tests/b.sh" is left out by include or exclude.'],
    ['new\nline', 'FILE_MISSING', '"new\\nline" does not exist.'],
  ])('%j: says what is wrong with it', async (entry, code, what) => {
    const selection = { ...ALL, include, exclude: ['**/b.sh'], only: ['tests/a.sh', entry] };
    await expect(listTestFiles(await project(), selection)).rejects.toMatchObject({ code, what });
  });

  test('come from the listing of any other framework', async () => {
    const cwd = await temporaryProject({ 'a.test.mjs': '', 'b.test.mjs': '', 'package.json': '{}' });
    await writeFile(join(cwd, 'c.mjs'), '');
    const folder = suiteFolder(frameworkOf('node'), cwd);
    expect(await listTestFiles(folder, { ...ALL, exclude: ['b.*'] })).toEqual(['a.test.mjs']);
  });
});

test('every framework has its adapter', () => {
  for (const name of FRAMEWORKS) expect(frameworkOf(name).name).toBe(name);
});
