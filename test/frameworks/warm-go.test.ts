import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { go } from '../../src/frameworks/go/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { cacheFolder, inOneDispatch, kindOf, running, said, warm } from '../support/run-warm.js';
import { until } from '../support/until.js';

const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' };
const MODULE = { 'go.mod': 'module example.com/other\n\ngo 1.21\n' };
const inGo = (name: string, body: string) =>
  `package ${name}\n\nimport (\n\t"fmt"\n\t"os"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tfmt.Println("says", os.Getppid(), os.Getenv("HOLDFAST_FILE"), os.Getenv("HOLDFAST_ATTEMPT"))\n\t${body}\n}\n`;
const toldBy = ({ output }: FileRun) => /says (\d+) (\S+) (\d+)/.exec(output)?.slice(1) ?? [];

test('one call for them, with names, output and times of their own', async () => {
  const files = {
    ...MODULE,
    'a_test.go': inGo('other', ''),
    'b/b_test.go': inGo('b', ''),
    'c/deep/c_test.go': inGo('c', ''),
  };
  const startedAt = performance.now();
  const runs = await inOneDispatch(running(await temporaryProject(files), warm, go, { env }), ['b', 'c/deep', '.']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set(runs.map((run) => toldBy(run)[0])).size).toBe(1);
  expect(runs.map((run) => toldBy(run).slice(1))).toEqual([
    ['b', '1'],
    ['c/deep', '1'],
    ['.', '1'],
  ]);
  expect(runs.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThanOrEqual(performance.now() - startedAt + 10);
  expect(said).toEqual([]);
}, 60_000);

test('one that is red with others and green by itself is told with those before it', async () => {
  const red = inGo('b', 'if _, err := os.Stat("../seen"); err != nil { os.WriteFile("../seen", nil, 0o600); t.Fatal("first") }');
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': red });
  const [, b] = await inOneDispatch(running(cwd, warm, go, { env }), ['a', 'b']);
  expect(b).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a'] });
}, 60_000);

test('at its deadline one is ended, and what it ran; binaries of those before it stay', async () => {
  const kept = (await keptBinaries()).size;
  const hangs = inGo('b', 'fmt.Println("own", os.Getpid()); for {\n\t}');
  const module = { 'go.mod': 'module example.com/late\n\ngo 1.21\n' };
  const cwd = await temporaryProject({ ...module, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': hangs });
  const run = running(cwd, warm, go, { env });
  const ahead = { files: ['b'], signal: new AbortController().signal };
  expect(kindOf(await run('a', { ahead }))).toBe('passed');
  const late = await run('b', { timeoutMs: 3_000, ahead: { ...ahead, files: [] } });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
  expect((await keptBinaries()).size).toBe(kept + 1);
}, 60_000);

test('a flag for one package is said once', async () => {
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': inGo('b', '') });
  const runs = await inOneDispatch(running(cwd, warm, go, { env, args: ['-cpuprofile=profile'] }), ['a', 'b']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  expect(said).toEqual([expect.stringContaining('go test is told -cpuprofile=profile, which is for one package')]);
}, 60_000);

/** Binaries that are kept, by inode: a new one is a new file. */
async function keptBinaries(): Promise<Set<number>> {
  const folder = join(cacheFolder, 'go');
  const names = await readdir(folder).catch(() => []);
  return new Set(await Promise.all(names.map(async (name) => (await stat(join(folder, name))).ino)));
}

test('a package that has not changed is not linked again, and one that has is', async () => {
  const module = { 'go.mod': 'module example.com/kept\n\ngo 1.21\n' };
  const cwd = await temporaryProject({ ...module, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': inGo('b', '') });
  const run = running(cwd, warm, go, { env });
  const inRun = (runId: string) => inOneDispatch((file, wish) => run(file, { ...wish, runId }), ['a', 'b']);
  const before = await keptBinaries();
  expect((await inRun('one')).map(kindOf)).toEqual(['passed', 'passed']);
  const first = await keptBinaries();
  expect(first.size).toBe(before.size + 2);
  expect((await inRun('two')).map(kindOf)).toEqual(['passed', 'passed']);
  expect(await keptBinaries()).toEqual(first);
  await writeFile(join(cwd, 'b/b_test.go'), inGo('b', 't.Fatal("changed")'));
  expect((await inRun('three')).map(kindOf)).toEqual(['passed', 'failed']);
  const last = await keptBinaries();
  expect(last.size).toBe(first.size);
  expect([...last].filter((inode) => !first.has(inode)).length).toBe(1);
}, 60_000);

test('packages whose binaries would have one name run all the same', async () => {
  const names = ['x/same', 'y/same', 'z/same/v2'];
  const files = Object.fromEntries(names.map((name) => [`${name}/it_test.go`, inGo('same', '')]));
  const runs = await inOneDispatch(running(await temporaryProject({ ...MODULE, ...files }), warm, go, { env }), names);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(runs.map((run) => toldBy(run)[1])).toEqual(names);
  expect(runs.map(({ redAfter }) => redAfter)).toEqual([undefined, undefined, undefined]);
}, 60_000);

test('flags of the linker stay, and nothing is kept', async () => {
  const flagged =
    'package a\n\nimport "testing"\n\nvar built string\n\nfunc TestIt(t *testing.T) {\n\tif built != "here" {\n\t\tt.Fatal(built)\n\t}\n}\n';
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': flagged, 'b/b_test.go': inGo('b', '') });
  const before = await keptBinaries();
  const args = ['-ldflags=-X example.com/other/a.built=here'];
  const runs = await inOneDispatch(running(cwd, warm, go, { env, args }), ['a', 'b']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  expect(await keptBinaries()).toEqual(before);
}, 60_000);

test('of what is kept those are left that were used last, as many as there is room for', async () => {
  const { GoBinaries } = createRequire(import.meta.url)('../../src/frameworks/go/binaries.cjs');
  const folder = await temporaryProject({});
  const binaries = new GoBinaries({ folder: join(folder, 'kept'), mostBytes: 250, scratch: folder, variant: [] });
  const keep = async (name: string, usedAtS: number) => {
    const lent = binaries.lend([name]);
    await writeFile(join(lent, `${name}.test`), 'x'.repeat(100));
    await utimes(join(lent, `${name}.test`), usedAtS, usedAtS);
    binaries.takeBack(lent, [name]);
  };
  await keep('a', 1_002);
  await keep('b', 1_001);
  await keep('c', 1_003);
  const lent = binaries.lend(['a', 'b', 'c']);
  expect((await readdir(lent)).sort()).toEqual(['a.test', 'c.test']);
});
