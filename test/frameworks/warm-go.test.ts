import { existsSync } from 'node:fs';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { go } from '../../src/frameworks/go/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, expectSame, inOneDispatch, kindOf, running } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { GO } from './expected/go.js';

const fixtures = join(import.meta.dirname, '../fixtures/go');
const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' };
const MODULE = { 'go.mod': 'module example.com/other\n\ngo 1.21\n' };
const inGo = (name: string, body: string) =>
  `package ${name}\n\nimport (\n\t"fmt"\n\t"os"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tfmt.Println("says", os.Getppid(), os.Getenv("HOLDFAST_FILE"), os.Getenv("HOLDFAST_ATTEMPT"))\n\t${body}\n}\n`;
const printedBy = ({ output }: FileRun) => /says (\d+) (\S+) (\d+)/.exec(output)?.slice(1) ?? [];

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const rows = GO.slice(
    0,
    GO.findIndex(({ file }) => file === 'nofiles'),
  ); // Each further red one would also run by itself.
  const files = rows.map(({ file }) => file);
  const results = await inOneDispatch(running(fixtures, aWarmWorker(), go, { env }), files);
  for (const [index, expected] of rows.entries()) expectSame(results[index] as FileRun, expected);
});

test('one call for them, with names, output and times of their own', async () => {
  const worker = aWarmWorker();
  const files = {
    ...MODULE,
    'a_test.go': inGo('other', ''),
    'b/b_test.go': inGo('b', ''),
    'c/deep/c_test.go': inGo('c', ''),
  };
  const startedAt = performance.now();
  const runs = await inOneDispatch(running(await temporaryProject(files), worker, go, { env }), ['b', 'c/deep', '.']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set(runs.map((run) => printedBy(run)[0])).size).toBe(1);
  expect(runs.map((run) => printedBy(run).slice(1))).toEqual([
    ['b', '1'],
    ['c/deep', '1'],
    ['.', '1'],
  ]);
  expect(runs.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThanOrEqual(performance.now() - startedAt + 10);
  expect(worker.log).toEqual([]);
});

test('one that is red with others and green by itself is told with those before it', async () => {
  const worker = aWarmWorker();
  const red = inGo('b', 'if _, err := os.Stat("../seen"); err != nil { os.WriteFile("../seen", nil, 0o600); t.Fatal("first") }');
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': red });
  const [, b] = await inOneDispatch(running(cwd, worker, go, { env }), ['a', 'b']);
  expect(b).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a'] });
});

test('at its timeout one is ended, and what it ran; binaries of those before it stay', async () => {
  const worker = aWarmWorker();
  const kept = (await keptBinaries(worker)).size;
  const hangs = inGo('b', 'fmt.Println("own", os.Getpid())\n\tos.WriteFile("begun", nil, 0o600)\n\tfor {\n\t}');
  const module = { 'go.mod': 'module example.com/late\n\ngo 1.21\n' };
  const cwd = await temporaryProject({ ...module, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': hangs });
  const run = running(cwd, worker, go, { env });
  const ahead = { files: ['b'], signal: new AbortController().signal };
  expect(kindOf(await run('a', { ahead }))).toBe('passed');
  await until('the next one has begun', () => existsSync(join(cwd, 'b/begun')));
  const late = await run('b', { timeoutMs: 3_000, ahead: { ...ahead, files: [] } });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
  expect((await keptBinaries(worker)).size).toBe(kept + 1);
});

test('a flag for one package is said once', async () => {
  const worker = aWarmWorker();
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': inGo('b', '') });
  const runs = await inOneDispatch(running(cwd, worker, go, { env, args: ['-cpuprofile=profile'] }), ['a', 'b']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  expect(worker.log).toEqual([expect.stringContaining('go test is given -cpuprofile=profile, which works for one package only')]);
});

/** Binaries that are kept, by inode: a new one is a new file. */
async function keptBinaries({ cacheFolder }: ReturnType<typeof aWarmWorker>): Promise<Set<number>> {
  const folder = join(cacheFolder, 'go');
  const names = await readdir(folder).catch(() => []);
  return new Set(await Promise.all(names.map(async (name) => (await stat(join(folder, name))).ino)));
}

test('a package that has not changed is not linked again, and one that has is', async () => {
  const worker = aWarmWorker();
  const module = { 'go.mod': 'module example.com/kept\n\ngo 1.21\n' };
  const cwd = await temporaryProject({ ...module, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': inGo('b', '') });
  const run = running(cwd, worker, go, { env });
  const inRun = (runId: string) => inOneDispatch((file, wish) => run(file, { ...wish, runId }), ['a', 'b']);
  const before = await keptBinaries(worker);
  expect((await inRun('one')).map(kindOf)).toEqual(['passed', 'passed']);
  const first = await keptBinaries(worker);
  expect(first.size).toBe(before.size + 2);
  expect((await inRun('two')).map(kindOf)).toEqual(['passed', 'passed']);
  expect(await keptBinaries(worker)).toEqual(first);
  await writeFile(join(cwd, 'b/b_test.go'), inGo('b', 't.Fatal("changed")'));
  expect((await inRun('three')).map(kindOf)).toEqual(['passed', 'failed']);
  const last = await keptBinaries(worker);
  expect(last.size).toBe(first.size);
  expect([...last].filter((inode) => !first.has(inode)).length).toBe(1);
});

test('packages whose binaries would have one name run all the same', async () => {
  const worker = aWarmWorker();
  const names = ['x/same', 'y/same', 'z/same/v2'];
  const files = Object.fromEntries(names.map((name) => [`${name}/it_test.go`, inGo('same', '')]));
  const runs = await inOneDispatch(running(await temporaryProject({ ...MODULE, ...files }), worker, go, { env }), names);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(runs.map((run) => printedBy(run)[1])).toEqual(names);
  expect(runs.map(({ redAfter }) => redAfter)).toEqual([undefined, undefined, undefined]);
});

test('flags of the linker stay, and nothing is kept', async () => {
  const worker = aWarmWorker();
  const flagged =
    'package a\n\nimport "testing"\n\nvar built string\n\nfunc TestIt(t *testing.T) {\n\tif built != "here" {\n\t\tt.Fatal(built)\n\t}\n}\n';
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': flagged, 'b/b_test.go': inGo('b', '') });
  const before = await keptBinaries(worker);
  const args = ['-ldflags=-X example.com/other/a.built=here'];
  const runs = await inOneDispatch(running(cwd, worker, go, { env, args }), ['a', 'b']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  expect(await keptBinaries(worker)).toEqual(before);
});

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
