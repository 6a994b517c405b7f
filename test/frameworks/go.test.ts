import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/go/about.js';
import { go } from '../../src/frameworks/go/adapter.js';
import { parseArguments, profileOf } from '../../src/frameworks/go/arguments.js';
import { goTestOutput } from '../../src/frameworks/go-test-json.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { GO } from './expected/go.js';

const fixture = join(import.meta.dirname, '../fixtures/go');
const folder = (args: string[] = [], cwd = fixture) =>
  suiteFolder(go, cwd, { args, env: { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' } });

const runOf = runsOf(go, () => folder());

describe('what go test leaves behind', () => {
  test.each(GO)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, GO, {
      passes: 'ok',
      fails: 'fail',
      noTests: 'notests',
      allSkipped: 'allskipped',
      killed: 'sigkill',
      exitsZero: 'exitzero',
      syntaxError: 'syntaxerror',
      missingImport: 'missingimport',
      noSuchFile: 'nowhere',
    });
  });
});

test('subtests are cases below their test, whatever their names', async () => {
  const { reading } = await runOf('ok');
  expect(reading.cases.map(({ name }) => name)).toEqual([
    ['TestPrints'],
    ['TestTable', 'a_b'],
    ['TestTable', 'http://x/y'],
    ['TestTable', 'a_b#01'],
    ['TestTable', 'nested', 'deep'],
    ['TestTable', 'nested'],
    ['TestTable'],
    ['TestLater'],
    ['Example_print'],
  ]);
  expect(reading.cases).toContainEqual(expect.objectContaining({ status: 'skipped', message: 'ok_test.go:23: not on a Monday' }));
});

test('a red test carries what it said', async () => {
  const { reading } = await runOf('fail');
  expect(reading.cases).toMatchObject([
    { name: ['TestGreen'], message: null },
    { name: ['TestRed', 'inner'], message: 'fail_test.go:9: got 41\n        wanted 42' },
    { name: ['TestRed'], status: 'failed', message: null },
  ]);
});

test.each([
  ['panics', 'The tests of the package ended early: panic: runtime error: index out of range [3] with length 0'],
  ['exitzero', 'The tests of the package ended early: panic: unexpected call to os.Exit(0) during test'],
  ['sigkill', 'The tests of the package ended early: signal: killed'],
  ['mainfails', 'there is no database'],
])('%s: says why it crashed', async (file, reason) => {
  const { reading } = await runOf(file);
  expect(reading).toMatchObject({ kind: 'crashed', reason: expect.stringContaining(reason) });
});

test.each([
  ['syntaxerror', "cut_test.go:5:33: expected '}', found 'EOF'"],
  ['buildfails', 'build_test.go:5:32: undefined: undefinedFunction'],
  ['missingimport', 'example.com/nowhere'],
])('%s: fails with the message of the compiler', async (file, message) => {
  const { reading } = await runOf(file);
  expect(reading.cases).toMatchObject([{ name: [file], message: expect.stringContaining(message) }]);
});

test('people read what go test -v prints', async () => {
  const { evidence } = await runOf('fail');
  const output = goTestOutput(evidence.reportText ?? '');
  expect(output).toMatch(/^=== RUN {3}TestGreen\n--- PASS: TestGreen/);
  expect(output).toContain('    fail_test.go:9: got 41\n        wanted 42\n--- FAIL: TestRed');
});

test('a report that is cut off says nothing of the package', async () => {
  const { evidence } = await runOf('ok');
  const cut = evidence.reportText?.split('\n').slice(0, -1).join('\n') ?? '';
  expect(go.read({ ...evidence, reportText: `${cut}\n{"Action":"pa` })).toMatchObject({
    kind: 'crashed',
    reason: 'go test exited with 0 before its report was complete.',
  });
  expect(go.read({ ...evidence, reportText: null }).kind).toBe('crashed');
});

const PACKAGES = [
  '.',
  ...['allskipped', 'buildfails', 'exitcode', 'exitthree', 'exitzero', 'external', 'fail', 'mainfails', 'missingimport'],
  ...['notests', 'ok', 'panics', 'sigkill', 'syntaxerror'],
];

test('lists the packages with test files, broken ones too', async () => {
  expect(await go.list(folder())).toEqual(PACKAGES);
});

test('words after -- reach the listing as far as it knows them, and the tests', async () => {
  const slow = folder(['-tags', 'slow', '-run', 'TestSlow|TestRed', '-args', 'free words']);
  expect(await go.list(slow)).toEqual([...PACKAGES, 'tagged'].sort());
  const { reading } = await runFramework(go, slow, 'tagged');
  expect(reading.cases.map(({ name }) => name)).toEqual([['TestSlow']]);
});

test.each([
  [['-run', 'TestA', '-v', './api/...', 'lib', '-tags=slow'], ['-run', 'TestA', '-v', '-tags=slow'], ['./api/...', 'lib'], []],
  [['./api', '-update', '-short', 'word', '-v'], ['-short'], ['./api'], ['-update', 'word', '-v']],
  [['-name', 'value', './no-package'], [], [], ['-name', 'value', './no-package']],
  [['-name=value', '-test.count', '2', '-args', '-v', 'x'], ['-test.count', '2'], [], ['-name=value', '-args', '-v', 'x']],
])('%j: flags of go, packages and words for the tests are told apart as go does', (args, flags, packages, toTests) => {
  expect(parseArguments(args)).toEqual({ flags, packages, toTests });
});

test('packages among the arguments choose what is listed, and each call runs its own', async () => {
  const named = folder(['./ok', './fail/...', '-v']);
  expect(await go.list(named)).toEqual(['fail', 'ok']);
  expect((await go.invoke(named, { file: 'ok', scratch: '' })).argv).toEqual(['go', 'test', '-count=1', '-v', '-json', './ok']);
});

test('no package overwrites the coverage profile of another', async () => {
  const args = ['-coverprofile', 'c.out', '-covermode=atomic', '-run', '-coverprofile', '--coverprofile=d.out'];
  const scratch = await temporaryProject({});
  expect((await go.invoke(folder(args), { file: 'ok', scratch })).argv.slice(3, -2)).toEqual([
    ...['-cover', '-covermode=atomic', '-run', '-coverprofile', '-cover', `-coverprofile=${scratch}/coverage/profile`],
  ]);
  expect(profileOf(parseArguments(args).flags)).toBe('d.out');
});

test('a flag of the tests reaches them', async () => {
  const cwd = await temporaryProject({
    'go.mod': 'module example.org/flag\n\ngo 1.22\n',
    'a/a_test.go':
      'package a\n\nimport (\n\t"flag"\n\t"testing"\n)\n\nvar update = flag.Bool("update", false, "")\n\nfunc TestA(t *testing.T) {\n\tif !*update {\n\t\tt.Fatal("not set")\n\t}\n}\n',
  });
  const { reading } = await runFramework(go, folder(['-update'], cwd), 'a');
  expect(reading).toMatchObject({ kind: 'passed', cases: [{ name: ['TestA'] }] });
});

test('a folder that is no module is a listing that failed, with the message of go', async () => {
  const cwd = await temporaryProject({});
  await expect(go.list(folder([], cwd))).rejects.toMatchObject({
    code: 'LISTING_FAILED',
    message: expect.stringContaining('does not contain main module'),
  });
});

const MODULE = {
  'go.mod': 'module example.org/NAME\n\ngo 1.22\n',
  'a_test.go': 'package a\n\nimport "testing"\n\nfunc TestA(*testing.T) {}\n',
};
const moduleIn = (dir: string) =>
  Object.fromEntries(
    Object.entries(MODULE).map(([name, text]) => [`${dir}/${name}`, text.replace('NAME', dir.replaceAll('/', '-'))]),
  );

test('a workspace has the packages of all its modules, which run from its folder', async () => {
  const cwd = await temporaryProject({
    'go.work': 'go 1.22\n\nuse (\n\t./api\n\t./lib/core\n)\n',
    ...moduleIn('api'),
    ...moduleIn('lib/core'),
    ...moduleIn('unused'),
  });
  const workspace = suiteFolder(go, cwd, { env: { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOPROXY: 'off' } });
  expect(await go.list(workspace)).toEqual(['api', 'lib/core']);
  for (const file of ['api', 'lib/core'])
    expect((await runFramework(go, workspace, file)).reading).toMatchObject({ kind: 'passed' });
});

test('modules of a workspace that are elsewhere are named', async () => {
  const cwd = await temporaryProject({
    'here/go.work': 'go 1.22\n\nuse (\n\t.\n\t../there\n)\n',
    ...moduleIn('here'),
    ...moduleIn('there'),
  });
  const workspace = suiteFolder(go, join(cwd, 'here'), { env: { GOTOOLCHAIN: 'local', GOPROXY: 'off' } });
  await expect(go.list(workspace)).rejects.toMatchObject({
    code: 'LISTING_FAILED',
    what: expect.stringContaining('go.work has modules outside of this folder: ../there.'),
  });
});

test('a missing go is named', async () => {
  expect(await go.missing(folder())).toBeNull();
  expect(await go.missing(suiteFolder(go, '/', { env: { PATH: '/nowhere' } }))).toBe(
    'There is no `go` on the PATH of the tests.',
  );
});
