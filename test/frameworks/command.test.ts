import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countCases } from '../../src/core/model/cases.js';
import { about } from '../../src/frameworks/command/about.js';
import { command } from '../../src/frameworks/command/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { oddNames, runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

const fixture = join(import.meta.dirname, '../fixtures/command');
const folder = (words: string[] = ['sh', '{file}'], cwd = fixture, extra: { junit?: string; args?: string[] } = {}) => {
  const plain = suiteFolder(command, cwd);
  return { ...plain, spec: { ...plain.spec, ...extra, command: words } };
};

const SEEN = [
  ['ok.sh', 0, 'passed', [1, 0, 0], null],
  ['fail.sh', 1, 'failed', [0, 1, 0], 'The command exited with 1.'],
  ['skip.sh', 77, 'passed', [0, 0, 1], 'The command exited with 77: skipped.'],
  ['hard-error.sh', 99, 'failed', [0, 1, 0], 'The command exited with 99.'],
  ['missing-program.sh', 127, 'failed', [0, 1, 0], 'The command exited with 127.'],
  ['syntax-error.sh', 2, 'failed', [0, 1, 0], 'The command exited with 2.'],
  ['nowhere.sh', [2, 127], 'failed', [0, 1, 0], expect.stringMatching(/^The command exited with (2|127)\.$/)],
] as const;

describe('the exit codes of a command', () => {
  test.each(SEEN)('%s: exit code %j is %s', async (file, exitCode, kind, [passed, failed, skipped], message) => {
    const { reading, evidence, output } = await runFramework(command, folder(), file);
    expect({ kind: reading.kind, counts: countCases(reading.cases), output }).toEqual({
      kind,
      counts: { passed, failed, skipped },
      output,
    });
    expect([exitCode].flat()).toContain(evidence.exitCode); // Shells differ in what they say of a missing script.
    expect(reading.cases).toMatchObject([{ name: [file], message }]);
  });

  test.each(['sigkill.sh', 'told-sigkill.sh'])('%s: a signal is a crash that names it', async (file) => {
    const { reading } = await runFramework(command, folder(), file);
    expect(reading).toEqual({ kind: 'crashed', cases: [], reason: 'The command was ended by SIGKILL' });
  });
});

test('a file that is its own command may lack the permission to run: its failure, not that of the machine', async () => {
  const self = folder(['{file}']);
  const ran = await runFramework(command, self, 'executable.sh');
  expect(ran).toMatchObject({ reading: { kind: 'passed' }, output: 'run by itself: ./executable.sh' });
  const refused = await runFramework(command, self, 'ok.sh');
  expect(refused).toMatchObject({ reading: { kind: 'failed' }, evidence: { exitCode: 126 } });
});

test.each([
  [['sh', '{file}'], [], 'a b.sh', ['sh', 'a b.sh']],
  [['tool', '--in={file}', '{file}'], ['-x'], 'a.sh', ['tool', '--in=a.sh', 'a.sh', '-x']],
  [['tool', '--all'], ['-x'], 'a.sh', ['tool', '--all', 'a.sh', '-x']],
  [['sh', '{file}'], [], '-a.sh', ['sh', './-a.sh']],
  [['sh', '{file}'], [], '$&.sh', ['sh', '$&.sh']],
])('%j with %j runs %s as %j', async (words, args, file, argv) => {
  expect(await command.invoke(folder(words, fixture, { args }), file, '')).toEqual({ argv, report: { kind: 'none' } });
});

test('odd file names run as themselves', async () => {
  const names = oddNames('.sh');
  const cwd = await temporaryProject(Object.fromEntries(names.map((name) => [name, 'exit 0\n'])));
  expect(await command.list(folder(undefined, cwd))).toEqual(names.toSorted());
  for (const name of names) {
    for (const words of [['sh', '{file}'], ['{file}'], ['sh']]) {
      await chmod(join(cwd, name), 0o755);
      const { reading, output } = await runFramework(command, folder(words, cwd), name);
      expect({ name, words, reading, output }).toMatchObject({ reading: { kind: 'passed', cases: [{ name: [name] }] } });
    }
  }
});

const SEEN_WITH_REPORT = [
  ['green', 'passed', [1, 0, 1]],
  ['fails', 'failed', [0, 1, 0]],
  ['red-exit', 'failed', [1, 1, 0]],
  ['empty', 'noTests', [0, 0, 0]],
  ['cut', 'crashed', [0, 0, 0]],
  ['silent', 'crashed', [0, 0, 0]],
] as const;

describe('a command with a JUnit report', () => {
  test.each(SEEN_WITH_REPORT)('%s is %s', async (file, kind, [passed, failed, skipped]) => {
    const script = await readFile(join(fixture, 'junit.sh'), 'utf8');
    const cwd = await temporaryProject({ 'junit.sh': script, [file]: '' });
    const words = ['sh', 'junit.sh', '{file}', 'reports/{file}.xml'];
    await mkdir(join(cwd, 'reports'));
    await writeFile(join(cwd, `reports/${file}.xml`), '<testsuite><testcase name="of an earlier attempt"/></testsuite>');
    const { reading } = await runFramework(command, folder(words, cwd, { junit: 'reports/{file}.xml' }), file);
    expect({ kind: reading.kind, counts: countCases(reading.cases) }).toEqual({ kind, counts: { passed, failed, skipped } });
  });
});

test('what the documentation says was seen', () => {
  const seen = [
    ...SEEN.map(([file, , kind]) => ({ file, kind })),
    ...SEEN_WITH_REPORT.map(([file, kind]) => ({ file, kind })),
    { file: 'sigkill.sh', kind: 'crashed' as const },
  ];
  expectAsDocumented(about, seen, {
    passes: 'ok.sh',
    fails: 'fail.sh',
    noTests: 'empty',
    allSkipped: 'skip.sh',
    killed: 'sigkill.sh',
    exitsZero: 'silent',
    syntaxError: 'syntax-error.sh',
    missingImport: 'missing-program.sh',
    noSuchFile: 'nowhere.sh',
  });
});

test('lists neither hidden nor installed files', async () => {
  const files = ['a.sh', 'sub/b.sh', '.hidden/c.sh', '.holdfast/d.sh', 'sub/node_modules/e.sh'];
  const cwd = await temporaryProject(Object.fromEntries(files.map((name) => [name, ''])));
  expect(await command.list(folder(undefined, cwd))).toEqual(['a.sh', 'sub/b.sh']);
});

test('a missing program is named', async () => {
  expect(await command.missing(folder())).toBeNull();
  expect(await command.missing(folder(['./executable.sh']))).toBeNull();
  expect(await command.missing(folder(['{file}']))).toBeNull();
  expect(await command.missing(folder([]))).toBe('The suite names no `command` to run its files with.');
  expect(await command.missing(folder(['no-such-tool']))).toMatch(/^The program no-such-tool is neither in /);
});
