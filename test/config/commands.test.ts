import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { configCommand } from '../../src/commands/config.js';
import { initCommand } from '../../src/commands/init.js';
import { aFolder, refusal, settingsIn, UNIT } from './support.js';

/** Runs a command in this folder and returns what it prints. */
async function run(
  make: (io: Io) => Command,
  cwd: string,
  words: readonly string[] = [],
  env: Io['env'] = {},
  tee = (_: string) => {},
): Promise<string> {
  let printed = '';
  const write = (text: string) => {
    printed += text;
    tee(text);
  };
  const command = make({
    stdout: { write },
    stderr: { write },
    stdin: Readable.from([]),
    env,
    cwd,
    isTTY: false,
    columns: 80,
    now: () => 0,
    random: () => 'abcdefgh',
    onInterrupt: () => () => {},
    onTerminate: () => {},

    onSignal: () => () => undefined,
    beat: () => undefined,
    setExitCode: () => {},
  });
  await command.exitOverride().parseAsync([...words], { from: 'user' });
  return printed;
}

test('config prints each value with where it came from', async () => {
  const folder = await aFolder({
    'holdfast.config.json': { suites: { unit: { ...UNIT, retries: 2, manual: true } }, worker: { slots: 3 } },
  });
  const env = { HOLDFAST_OWNER: 'ann', HOLDFAST_DATABASE_URL: 'postgres://u:hunter2@h/d' };
  const lines = (await run(configCommand, folder, ['--timeout', '5m'], env)).split('\n').map((line) => line.split(/\s{2,}/));
  expect(lines).toEqual(
    expect.arrayContaining([
      ['project', folder],
      ['file', path.join(folder, 'holdfast.config.json')],
      ['worker.slots', '3', 'file: holdfast.config.json worker.slots'],
      ['owner', 'ann', 'environment: HOLDFAST_OWNER'],
      ['databaseUrl', '***', 'environment: HOLDFAST_DATABASE_URL'],
      ['objects', path.join(folder, '.holdfast/objects'), 'default: .holdfast/objects of the project'],
      ['suites.unit.retries', '2', 'file: holdfast.config.json suites.unit.retries'],
      ['suites.unit.timeoutMs', '300000', 'flag: --timeout'],
      ['suites.unit.heartbeatTimeoutMs', '10000', 'default'],
      ['suites.unit.command', '["sh","{file}"]', 'file: holdfast.config.json suites.unit.command'],
    ]),
  );
});

test('config --json prints the same for programs', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } });
  expect(JSON.parse(await run(configCommand, folder, ['--json'], { HOLDFAST_RETRIES: '1' }))).toMatchObject({
    projectRoot: folder,
    settings: expect.arrayContaining([
      { key: 'suites.unit.retries', value: 1, origin: 'environment', detail: 'HOLDFAST_RETRIES' },
      { key: 'suites.unit.manual', value: false, origin: 'default', detail: '' },
    ]),
  });
});

test('config tells what it can where no framework is found, and then what is missing', async () => {
  const folder = await aFolder();
  let printed = '';
  const error = await refusal(
    run(configCommand, folder, [], {}, (text) => {
      printed += text;
    }),
  );
  expect(error.code).toBe('FRAMEWORK_UNKNOWN');
  expect(printed).toContain(`project  ${folder}`);
});

test('config says nothing but what is wrong with a flag', async () => {
  let printed = '';
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } });
  expect(
    (
      await refusal(
        run(configCommand, folder, ['--retries', 'x'], {}, (text) => {
          printed += text;
        }),
      )
    ).code,
  ).toBe('USAGE');
  expect(printed).toBe('');
});

test.each([
  ['package.json', { devDependencies: { vitest: '4' } }, 'vitest'],
  ['go.mod', 'module a', 'go'],
  ['pytest.ini', '[pytest]', 'pytest'],
])('init writes a configuration for a project with %s that Holdfast then reads', async (name, content, framework) => {
  const folder = await aFolder({ [name]: content });
  expect(await run(initCommand, folder)).toContain(`Wrote holdfast.config.ts with ${framework}.`);
  const { suites, configFile } = await settingsIn(folder);
  expect(configFile).toBe(path.join(folder, 'holdfast.config.ts'));
  expect(suites.map(({ name, framework }) => [name, framework.name])).toEqual([[framework, framework]]);
});

test('init writes a suite for each package that the test script calls', async () => {
  const folder = await aFolder({
    'package.json': { workspaces: ['packages/*'], scripts: { test: 'npm test --workspaces' } },
    'packages/a/package.json': { scripts: { test: 'mocha' } },
    'packages/b/package.json': { scripts: { test: 'NODE_ENV=test node --test' } },
  });
  await run(initCommand, folder);
  expect((await settingsIn(folder)).suites.map(({ name, framework }) => [name, framework.name, framework.cwd])).toEqual([
    ['packages-a', 'mocha', 'packages/a'],
    ['packages-b', 'node', 'packages/b'],
  ]);
});

test('init --json writes one that editors know the schema of', async () => {
  const folder = await aFolder({ 'package.json': { devDependencies: { jest: '30', vitest: '4' } } });
  await run(initCommand, folder, ['--json']);
  expect(JSON.parse(await readFile(path.join(folder, 'holdfast.config.json'), 'utf8'))).toEqual({
    $schema: './node_modules/holdfast/schema/holdfast.config.schema.json',
    suites: { vitest: { framework: 'vitest' }, jest: { framework: 'jest' } },
  });
  expect((await settingsIn(folder)).suites).toHaveLength(2);
});

test('init without a framework writes an example of a command', async () => {
  const folder = await aFolder();
  expect(await run(initCommand, folder)).toContain('no framework was found here');
  expect((await settingsIn(folder)).suites[0]?.framework.command).toEqual(['sh', '{file}']);
});

test.each(['holdfast.config.ts', 'holdfast.config.yaml'])('init leaves a %s alone', async (name) => {
  const folder = await aFolder({ [name]: 'mine' });
  const { code, what } = await refusal(run(initCommand, folder));
  expect({ code, what }).toEqual({
    code: 'CONFIG_INVALID',
    what: `There is already a configuration: ${path.join(folder, name)}.`,
  });
  expect(await readFile(path.join(folder, name), 'utf8')).toBe('mine');
});

test('init refuses a framework nobody knows', async () => {
  expect((await refusal(run(initCommand, await aFolder(), ['--framework', 'jset']))).exitCode).toBe(2);
});
