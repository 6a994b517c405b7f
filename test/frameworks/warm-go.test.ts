import { expect, test } from 'vitest';
import { go } from '../../src/adapters/frameworks/go.js';
import type { FileRun } from '../../src/adapters/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { inAChunk, kindOf, running, said, warm } from '../support/run-warm.js';
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
  const runs = await inAChunk(running(await temporaryProject(files), warm, go, { env }), ['b', 'c/deep', '.']);
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
  const [, b] = await inAChunk(running(cwd, warm, go, { env }), ['a', 'b']);
  expect(b).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a'] });
}, 60_000);

test('at its deadline one is ended, and its binary is gone', async () => {
  const hangs = inGo('b', 'fmt.Println("own", os.Getpid()); for {\n\t}');
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': hangs });
  const run = running(cwd, warm, go, { env });
  const ahead = { files: ['b'], signal: new AbortController().signal };
  expect(kindOf(await run('a', { ahead }))).toBe('passed');
  const late = await run('b', { deadlineMs: 3_000, ahead: { ...ahead, files: [] } });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
}, 60_000);

test('a flag for one package is said once', async () => {
  const cwd = await temporaryProject({ ...MODULE, 'a/a_test.go': inGo('a', ''), 'b/b_test.go': inGo('b', '') });
  const runs = await inAChunk(running(cwd, warm, go, { env, args: ['-cpuprofile=profile'] }), ['a', 'b']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  expect(said).toEqual([expect.stringContaining('go test is told -cpuprofile=profile, which is for one package')]);
}, 60_000);
