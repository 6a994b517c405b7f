import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';
import { countCases } from '../../src/core/model/cases.js';
import type { FrameworkSpec } from '../../src/core/model/suite.js';
import { selectionOf, splitFile } from '../../src/core/plan/split.js';
import { about } from '../../src/frameworks/command/about.js';
import { command } from '../../src/frameworks/command/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { oddNames, runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { cold, running } from '../support/run-warm.js';

const fixture = join(import.meta.dirname, '../fixtures/command');
const OWN_FRAMEWORKS = await readFile(join(import.meta.dirname, '../../docs/own-frameworks.md'), 'utf8');
const folder = (words: string[] = ['sh', '{file}'], cwd = fixture, extra: Partial<FrameworkSpec> = {}) => {
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
  expect(await command.invoke(folder(words, fixture, { args }), { file, scratch: '' })).toEqual({
    argv,
    report: { kind: 'none' },
  });
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
    const { reading } = await runFramework(
      command,
      folder(words, cwd, { report: { kind: 'junit', path: 'reports/{file}.xml' } }),
      file,
    );
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

describe('a report on standard output', () => {
  const GO = [
    '{"Action":"run","Test":"TestA"}',
    '{"Action":"output","Test":"TestA","Output":"=== RUN   TestA\\n"}',
    '{"Action":"pass","Test":"TestA","Elapsed":0.25}',
    '{"Action":"output","Output":"PASS\\n"}',
    '{"Action":"pass","Elapsed":0.3}',
  ].join('\n');
  const JUNIT = '<testsuite><testcase classname="calc" name="adds" time="0.5"/></testsuite>';
  test.each([
    ['tap', 'TAP version 13\n1..2\nok 1 - adds\nok 2 - later # SKIP not today', 0, 'passed', ['passed adds', 'skipped later']],
    ['tap', '1..2\nok 1 - adds\nnot ok 2 - subtracts\n# got 1', 1, 'failed', ['passed adds', 'failed subtracts']],
    ['tap', '1..2\nok 1 - adds', 0, 'crashed', ['passed adds']],
    ['tap', '1..2\nok 1 - adds\nBail out! no disk', 1, 'crashed', ['passed adds']],
    ['tap', '1..2\nok 1 - adds\nok 2 - subtracts', 3, 'failed', ['passed adds', 'passed subtracts', 'failed a']],
    ['tap', '1..0', 0, 'noTests', []],
    ['tap', 'no report at all', 0, 'crashed', []],
    ['tap', 'no report at all', 1, 'failed', ['failed a']],
    ['tap', 'no report at all', 77, 'passed', ['skipped a']],
    ['junit', JUNIT, 0, 'passed', ['passed calc adds']],
    ['junit', JUNIT.slice(0, 30), 0, 'crashed', []],
    ['go-test-json', GO, 0, 'passed', ['passed TestA']],
    ['go-test-json', `${GO.replaceAll('pass', 'fail')}\n${GO}`, 0, 'failed', ['failed TestA', 'passed TestA']], // As after a pipe.
    ['go-test-json', 'cannot find it', 1, 'failed', ['failed a']],
    ['go-test-json', GO.slice(0, 60), 0, 'crashed', []],
  ] as const)('%s: %j with exit code %i is %s', async (kind, text, exitCode, reading, cases) => {
    const cwd = await temporaryProject({ a: text });
    const words = ['sh', '-c', `cat "$0"; echo; exit ${exitCode}`, '{file}'];
    const run = await runFramework(command, folder(words, cwd, { report: { kind } }), 'a');
    const told = run.reading.cases.map(({ name, status }) => `${status} ${name.join(' ')}`);
    expect({ kind: run.reading.kind, cases: told, output: run.output }).toEqual({ kind: reading, cases, output: run.output });
  });

  test('of go is read by people as go test -v prints it', () => {
    const go = folder(undefined, fixture, { report: { kind: 'go-test-json' } });
    expect(command.humanOutput?.(GO, go)).toContain('=== RUN   TestA\n');
    expect(command.humanOutput?.('1..0', folder(undefined, fixture, { report: { kind: 'tap' } }))).toBe('1..0');
  });
});

describe('a report file of another program', () => {
  const XML = '<testsuite><testcase name="größer"/></testsuite>';
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${XML}`;
  const withMark = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${XML}`)],
    ['UTF-16', withMark(declared('UTF-16'))],
    ['UTF-16, the other way around', withMark(declared('utf-16')).swap16()],
    ['Latin 1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
    ['UTF-8 that says it is UTF-16', Buffer.from(declared('utf-16'))],
  ])('in %s', async (_, bytes) => {
    expect(await endOf(bytes)).toMatchObject({ kind: 'passed', cases: [{ name: ['größer'] }] });
  });

  test.each([
    [
      'an external entity',
      `<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>${XML}`,
      /External entities are not supported/,
    ],
    ['a name that its parser refuses', '<testsuite><__proto__/></testsuite>', /__proto__/],
  ])('with %s: the file has crashed, not the machine', async (_, text, reason) => {
    expect(await endOf(Buffer.from(text))).toMatchObject({ kind: 'crashed', reason: expect.stringMatching(reason) });
  });

  async function endOf(bytes: Buffer) {
    const cwd = await temporaryProject({});
    await writeFile(join(cwd, 'made'), bytes);
    const spec = { command: ['sh', '-c', 'cp made report.xml'], report: { kind: 'junit', path: 'report.xml' } } as const;
    return (await running(cwd, cold, command, { spec })('a')).end;
  }
});

test('attempts at the same time have a folder and a report of their own, gone afterwards', async () => {
  const cwd = await temporaryProject({ a: 'one', b: 'two' });
  const script = 'echo "in $1"; echo "<testsuite><testcase name=\'$(cat "$0")\'/></testsuite>" > "$1/report.xml"';
  const report = { kind: 'junit', path: '{scratch}/report.xml' } as const;
  const run = running(cwd, cold, command, { spec: { command: ['sh', '-c', script, '{file}', '{scratch}'], report } });
  const runs = await Promise.all([run('a'), run('b'), run('a')]);
  expect(runs.map(({ end }) => ('cases' in end ? end.cases.map(({ name }) => name) : end))).toEqual([
    [['one']],
    [['two']],
    [['one']],
  ]);
  const folders = runs.map(({ output }) => /in (.*)/.exec(output)?.[1] ?? '');
  expect(new Set(folders).size).toBe(3);
  for (const one of folders) await expect(stat(one)).rejects.toMatchObject({ code: 'ENOENT' });
});

describe('a command that lists', () => {
  const listing = async (list: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    command.list(folder(undefined, await temporaryProject(files), { list }));
  test.each([
    ['lines', 'b.sh\n./a.sh\nsub/../b.sh\n\nwith space.sh\r\n', ['a.sh', 'b.sh', 'with space.sh']],
    ['a path that begins with a bracket', '[id].sh\n', ['[id].sh']],
    ['a JSON array', '["b.sh", "new\\nline.sh"]', ['b.sh', 'new\nline.sh']],
    ['nothing', '', []],
  ])('%s', async (_, output, files) => {
    expect(await listing(['cat', 'listing'], { listing: output })).toEqual(files);
  });

  test('absolute paths inside the suite', async () => {
    expect(await listing(['sh', '-c', 'echo "$PWD/sub/a.sh"'])).toEqual(['sub/a.sh']);
  });

  test.each([
    [['sh', '-c', 'echo "no such folder: tests" >&2; exit 3'], /no such folder: tests/],
    [['sh', '-c', 'exit 3'], /It exited with 3\./],
    [['./nowhere'], /nowhere/],
    [['echo', '../a.sh'], /It lists "\.\.\/a\.sh", which is not a path inside /],
    [['echo', '/etc/passwd'], /It lists "\/etc\/passwd", which is not a path inside /],
    [['echo', '.'], /It lists "\.", which is not a path inside /],
  ])('%j fails with its message', async (list, message) => {
    await expect(listing(list)).rejects.toMatchObject({ code: 'LISTING_FAILED', message: expect.stringMatching(message) });
  });
});

describe('a command that selects cases', () => {
  const select = { only: ['--only={case}', '-x'], except: ['--not', '^({cases})$'] };
  test.each([
    ['only', ['--only=a b', '--only=1+1', '-x']],
    ['except', ['--not', '^(a b|1\\+1)$']],
  ] as const)('%s', async (kind, words) => {
    const own = folder(['tool', '{file}'], fixture, { select, report: { kind: 'tap' }, args: ['-z'] });
    const { argv } = await command.invoke(own, { file: 'a.sh', scratch: '', selection: { kind, names: [['a b'], ['1+1']] } });
    expect(argv).toEqual(['tool', 'a.sh', ...words, '-z']);
  });

  /** Tests by name, a line each; the words behind the file are those to run, or after `!` those not to. */
  const RUNNER = `
file=$1; shift; number=0; wanted=$*
while read -r name; do
  case " $wanted " in
    *" $name "*) [ "$EXCEPT" ] && continue ;;
    *) [ "$wanted" ] && [ -z "$EXCEPT" ] && continue ;;
  esac
  number=$((number + 1)); echo "ok $number - $name"
done < "$file"
echo "1..$number"
`;
  test('every case runs in exactly one part, a new one too', async () => {
    const cwd = await temporaryProject({ 'run.sh': RUNNER, a: 'one\ntwo\nthree\nfour\nnew\n' });
    const own = folder(
      ['sh', '-c', 'case "$2" in !) shift 2; EXCEPT=1 sh run.sh "$0" "$@" ;; *) sh run.sh "$@" ;; esac', '{file}', '{file}'],
      cwd,
      {
        report: { kind: 'tap' },
        select: { only: ['{case}'], except: ['!', '{case}'] },
      },
    );
    const seen = ['one', 'two', 'three', 'four'].map((name) => ({ name: [name], durationMs: 1_000 }));
    const cut = splitFile(
      { durationMs: 4_100, processes: 1, cases: seen },
      { framework: own.spec, mostMs: 1_000, workMs: 0, slots: 0 },
    );
    const of = (cut?.named.length ?? 0) + 1;
    expect(of).toBeGreaterThan(2);
    const ran: string[] = [];
    for (let number = 1; number <= of; number += 1) {
      const { reading, output } = await runFramework(command, own, 'a', selectionOf({ number, of }, cut?.named ?? []));
      expect({ kind: reading.kind, output }).toEqual({ kind: 'passed', output });
      ran.push(...reading.cases.map(({ name }) => name.join(' ')));
    }
    expect(ran.toSorted()).toEqual(['four', 'new', 'one', 'three', 'two']);
  });

  test.each([
    ['what was not selected may be told as skipped', 'ok 1 - a\nok 2 - b # SKIP\n1..2', 'passed', ['a']],
    ['a failure of a fixture is a failure', 'not ok 1 - setup\n1..1', 'failed', ['setup']],
    ['nothing of it is left', '1..0', 'noTests', []],
    ['a command that runs everything does not select', 'ok 1 - a\nok 2 - b\n1..2', 'crashed', ['a', 'b']],
  ] as const)('%s', async (_, text, kind, names) => {
    const cwd = await temporaryProject({ a: text });
    const own = folder(['sh', '-c', 'cat "$0"; case $1 in a) ;; *) exit 9 ;; esac; ! grep -q ^not "$0"', '{file}'], cwd, {
      report: { kind: 'tap' },
      select: { only: ['{case}'], except: ['{case}'] },
    });
    const { reading } = await runFramework(command, own, 'a', { kind: 'only', names: [['a']] });
    expect([reading.kind, reading.cases.map(({ name }) => name.join(' '))]).toEqual([kind, names]);
  });

  test.each([
    [undefined, null],
    ['junit', [['B'], ['two']]],
    ['tap', [['B']]],
    ['go-test-json', [['B']]],
  ] as const)('the report %s says by which names cases are selected', (kind, named) => {
    const cases = [['A'], ['A', 'one'], ['B'], ['B', 'two']].map((name) => ({ name, durationMs: 900 }));
    const framework = { name: 'command' as const, ...(kind && { report: { kind }, select }) };
    const cut = splitFile({ durationMs: 1_800, processes: 1, cases }, { framework, mostMs: 1_800, workMs: 0, slots: 0 });
    const halved = cut ?? splitFile({ durationMs: 1_800, processes: 1, cases }, { framework, mostMs: 900, workMs: 0, slots: 0 });
    expect(halved?.named.flat() ?? null).toEqual(named);
  });
});

describe('the suites of docs/own-frameworks.md', () => {
  const configs = [...OWN_FRAMEWORKS.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = '']) =>
    configSchema.parse(JSON.parse(json)),
  );

  test('are valid, and each has a section', () => {
    const names = configs.flatMap(({ suites = {} }) => Object.keys(suites));
    expect(names).toEqual(['bats', 'ava', 'cargo', 'nextest', 'php', 'ctest']);
  });

  test('bats: each test is a case', async () => {
    const { command: words, report } = configs[0]?.suites?.bats ?? {};
    const cwd = await temporaryProject({
      'a.bats':
        '@test "adds" { [ $((1+1)) -eq 2 ]; }\n@test "is (really) red" { echo said; false; }\n@test "later" { skip "not today"; }\n',
    });
    const { reading } = await runFramework(command, folder(words ?? [], cwd, report ? { report } : {}), 'a.bats');
    expect(reading).toMatchObject({
      kind: 'failed',
      cases: [
        { name: ['adds'], status: 'passed', durationMs: expect.any(Number) },
        {
          name: ['is (really) red'],
          status: 'failed',
          message: expect.stringMatching(/^\(in test file a\.bats, line 2\).*said$/s),
        },
        { name: ['later'], status: 'skipped', message: 'not today' },
      ],
    });
  });
});
