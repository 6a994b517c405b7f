import path from 'node:path';
import { expect, test } from 'vitest';
import { CONFIG_FILES } from '../../src/config/find-config.js';
import { aFolder, refusal, settingsIn, UNIT } from './support.js';

const CONFIG = { suites: { unit: { ...UNIT, retries: 3, maxFailures: null } }, worker: { slots: 2 } };
const JSON_TEXT = JSON.stringify(CONFIG);

const TEXTS: Readonly<Record<string, string>> = {
  'holdfast.config.ts': `import { defineConfig } from 'holdfast/config';\ntype None = never;\nexport default defineConfig(${JSON_TEXT} satisfies object as object);`,
  'holdfast.config.mts': `const config: object = ${JSON_TEXT};\nexport default config;`,
  'holdfast.config.js': `module.exports = ${JSON_TEXT};`,
  'holdfast.config.mjs': `import { defineConfig } from 'holdfast/config';\nexport default defineConfig(${JSON_TEXT});`,
  'holdfast.config.json': JSON_TEXT,
  'holdfast.config.yaml':
    'suites:\n  unit:\n    framework: command\n    command: [sh, "{file}"]\n    include: ["tests/**/*.sh"]\n    retries: 3\n    maxFailures: null\nworker:\n  slots: 2\n',
  'holdfast.config.yml': `# A comment.\n${JSON_TEXT}`,
  'package.json': JSON.stringify({ name: 'a', holdfast: CONFIG }),
};

test('every kind of file is tried below', () => {
  expect(Object.keys(TEXTS).sort()).toEqual([...CONFIG_FILES, 'package.json'].sort());
});

test.each(Object.keys(TEXTS))('%s is found and read', async (name) => {
  const folder = await aFolder({ [name]: TEXTS[name] });
  const { configFile, projectRoot, stateFolder, objects, worker, suites } = await settingsIn(folder);
  expect({ configFile, projectRoot, stateFolder, objects, worker }).toEqual({
    configFile: path.join(folder, name),
    projectRoot: folder,
    stateFolder: path.join(folder, '.holdfast'),
    objects: path.join(folder, '.holdfast', 'objects'),
    worker: expect.objectContaining({ slots: 2 }),
  });
  expect(suites).toEqual([
    expect.objectContaining({
      name: 'unit',
      framework: { name: 'command', command: ['sh', '{file}'], args: [], cwd: '.', env: {} },
      budget: { maxAttempts: 4, maxLosses: 10 },
    }),
  ]);
});

test('a .js file of a project of ES modules is read as one', async () => {
  const folder = await aFolder({ 'package.json': { type: 'module' }, 'holdfast.config.js': `export default ${JSON_TEXT};` });
  expect((await settingsIn(folder)).suites[0]?.name).toBe('unit');
});

test('a function makes the configuration, at once or later', async () => {
  const folder = await aFolder({ 'holdfast.config.mjs': `export default async () => (${JSON_TEXT});` });
  expect((await settingsIn(folder)).worker.slots).toBe(2);
});

test('nothing of another tool gets in: no rc file, no .env, no extends', async () => {
  const folder = await aFolder({
    'holdfast.config.yaml': JSON_TEXT,
    '.holdfastrc': 'worker.slots=7',
    '.env': 'HOLDFAST_WORKER_SLOTS=7',
  });
  expect((await settingsIn(folder)).worker.slots).toBe(2);
  const extending = await aFolder({ 'holdfast.config.yaml': 'extends: ./other\n' });
  expect((await refusal(settingsIn(extending))).what).toContain('extends is not known here');
});

test('the nearest file upward in the repository is the one, and its folder the project', async () => {
  const repository = await aFolder({
    '.git/': '',
    'holdfast.config.json': JSON_TEXT,
    'a/package.json': { name: 'without the key' },
    'a/b/c/': '',
    'near/holdfast.config.json': { suites: { near: UNIT } },
    'near/deep/': '',
  });
  expect((await settingsIn(path.join(repository, 'a/b/c'))).projectRoot).toBe(repository);
  const near = await settingsIn(path.join(repository, 'near/deep'));
  expect([near.projectRoot, near.suites[0]?.name]).toEqual([path.join(repository, 'near'), 'near']);
});

test('a file above the repository, or without one above the folder, is not looked at', async () => {
  const folder = await aFolder({ 'holdfast.config.json': JSON_TEXT, 'repository/.git/': '', 'repository/a/': '', 'plain/': '' });
  for (const start of ['repository/a', 'plain']) {
    const { configFile, projectRoot } = await settingsIn(path.join(folder, start), { found: ['vitest'] });
    expect({ configFile, projectRoot }).toEqual({ configFile: null, projectRoot: path.join(folder, start) });
  }
});

test('--config names a file outright, from the folder the command was started in', async () => {
  const folder = await aFolder({ 'holdfast.config.json': '{ broken', 'ci/other.json': JSON_TEXT });
  const words = ['--config', 'ci/other.json'];
  expect((await settingsIn(folder, { words })).projectRoot).toBe(path.join(folder, 'ci'));
  expect((await settingsIn(path.join(folder, 'ci'), { env: { HOLDFAST_CONFIG: 'other.json' } })).configFile).toBe(
    path.join(folder, 'ci/other.json'),
  );
});

test.each([
  ['a missing file', {}, ['--config', 'gone.ts'], 'CONFIG_UNREADABLE', /^There is no file .*gone\.ts\.$/],
  ['a folder', { 'a.ts/': '' }, ['--config', 'a.ts'], 'CONFIG_UNREADABLE', /a\.ts is not a file\.$/],
  [
    'a file of another kind',
    { 'a.toml': '' },
    ['--config', 'a.toml'],
    'CONFIG_UNREADABLE',
    /a\.toml is none of holdfast\.config\.ts/,
  ],
  [
    'broken JSON',
    { 'holdfast.config.json': '{ "suites": ' },
    [],
    'CONFIG_UNREADABLE',
    /config\.json cannot be read: Unexpected end/,
  ],
  ['broken YAML', { 'holdfast.config.yaml': 'a: [1\nb: }' }, [], 'CONFIG_UNREADABLE', /config\.yaml cannot be read: /],
  ['broken TypeScript', { 'holdfast.config.ts': 'export default {' }, [], 'CONFIG_UNREADABLE', /config\.ts cannot be read: /],
  [
    'code that throws',
    { 'holdfast.config.mjs': "throw new Error('no luck.')" },
    [],
    'CONFIG_UNREADABLE',
    /cannot be read: no luck\.$/,
  ],
  [
    'an import that is not there',
    { 'holdfast.config.mjs': "import './gone.js'" },
    [],
    'CONFIG_UNREADABLE',
    /cannot be read: .*gone\.js/,
  ],
  ['an empty YAML', { 'holdfast.config.yaml': '# Nothing yet.\n' }, [], 'CONFIG_UNREADABLE', /cannot be read: it is empty\.$/],
  ['a broken package.json', { 'package.json': '{ "holdfast": ' }, [], 'CONFIG_UNREADABLE', /package\.json cannot be read: /],
  [
    'two files',
    { 'holdfast.config.json': '{}', 'holdfast.config.ts': '' },
    [],
    'CONFIG_INVALID',
    /more than one configuration: holdfast\.config\.ts, holdfast\.config\.json\.$/,
  ],
] as const)('%s is refused in a sentence', async (_, files, words, code, sentence) => {
  const error = await refusal(settingsIn(await aFolder(files), { words }));
  expect({ code: error.code, exitCode: error.exitCode }).toEqual({ code, exitCode: 2 });
  expect(error.what).toMatch(sentence);
  expect(error.what).not.toContain('\n');
});
