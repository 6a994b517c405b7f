import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from '../../src/frameworks/command/adapter.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';

const docs = await readFile(join(import.meta.dirname, '../../docs/warm-sessions.md'), 'utf8');
const SERVE = /^```sh\n(.*?)^```$/ms.exec(docs)?.[1] ?? 'exit 1';
const spec = { command: ['sh', '{file}'], serve: ['sh', 'serve.sh'] };
const GREEN = 'echo "$HOLDFAST_FILE under $PPID"\n';
const parentOf = ({ output }: { readonly output: string }) => /under (\d+)/.exec(output)?.[1];

const inOneProcess = async (
  worker: ReturnType<typeof aWarmWorker>,
  files: Readonly<Record<string, string>>,
  more: object = {},
) => {
  const cwd = await temporaryProject({ 'serve.sh': SERVE, ...files });
  return running(cwd, worker, command, { spec: { ...spec, ...more } });
};

test('file after file by one program, each with output and outcome of its own', async () => {
  const worker = aWarmWorker();
  const run = await inOneProcess(worker, { 'a.sh': GREEN, 'b.sh': GREEN, 'c.sh': 'exit 77\n', 'with space.sh': GREEN });
  const [a, b, c, d] = [await run('a.sh'), await run('b.sh'), await run('c.sh'), await run('with space.sh')];
  expect([a, b, c, d].map(kindOf)).toEqual(['passed', 'passed', 'passed', 'passed']);
  expect([parentOf(b), parentOf(d)]).toEqual([parentOf(a), parentOf(a)]);
  expect(b.output).toBe(`b.sh under ${parentOf(a)}\n`);
  expect(shape(a)).toMatchObject({ exitCode: 0, names: ['passed a.sh'] });
  expect(shape(c)).toMatchObject({ names: ['skipped c.sh'] });
  expect(worker.log).toEqual([]);
});

test('it may tell case by case, and what is no such line is passed over', async () => {
  const cases = [
    '{"case": ["adds", "small numbers"], "status": "passed", "durationMs": 12}',
    'not a line of it',
    '{"case": "odd", "status": "maybe"}',
    '{"case": "later", "status": "skipped", "message": "not today"}',
    '{"exitCode": 0}',
  ];
  const serve = `while read -r file; do ${cases.map((line) => `echo '${line}' >&3`).join('; ')}; done\n`;
  const result = await (await inOneProcess(aWarmWorker(), { 'serve.sh': serve, 'a.sh': '' }))('a.sh');
  expect(result.end).toMatchObject({
    kind: 'passed',
    cases: [
      { name: ['adds', 'small numbers'], status: 'passed', durationMs: 12 },
      { name: ['later'], status: 'skipped', message: 'not today' },
    ],
  });
});

test('a red file is what the command says of it, and told with those before it when it is green by itself', async () => {
  const files = {
    'a.sh': GREEN,
    'b.sh': 'echo "no $HOLDFAST_ATTEMPT"; exit 3\n',
    'c.sh': 'if [ -z "$HOLDFAST_ATTEMPT" ]; then exit 1; fi\n',
  };
  const run = await inOneProcess(aWarmWorker(), files);
  const [, b, c] = [await run('a.sh'), await run('b.sh'), await run('c.sh')];
  expect(b).toMatchObject({ exitCode: 3, output: 'no 1\n', end: { kind: 'failed' } });
  expect(c).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a.sh', 'b.sh'] });
});

test('a JUnit report of its own is read where the suite names one', async () => {
  const worker = aWarmWorker();
  const report = '<testsuite><testcase classname="calc" name="adds" time="0.5"/></testsuite>';
  const serve = `while read -r file; do echo '${report}' > "$file.xml"; echo '{"exitCode": 0}' >&3; done\n`;
  const run = await inOneProcess(
    worker,
    { 'serve.sh': serve, 'a.sh': '' },
    { report: { kind: 'junit', path: 'out/{file}.xml' } },
  );
  const alone = await run('a.sh'); // Written elsewhere: red, and then by itself.
  expect(kindOf(alone)).toBe('crashed');
  const there = await inOneProcess(worker, { 'serve.sh': serve, 'a.sh': '' }, { report: { kind: 'junit', path: '{file}.xml' } });
  expect((await there('a.sh')).end).toMatchObject({ kind: 'passed', cases: [{ name: ['calc', 'adds'], durationMs: 500 }] });
});

describe('what goes wrong', () => {
  test('a program that cannot be started is said once, and each file has a process', async () => {
    const worker = aWarmWorker();
    const run = await inOneProcess(worker, { 'a.sh': GREEN, 'b.sh': GREEN }, { serve: ['./nowhere'] });
    expect([kindOf(await run('a.sh')), kindOf(await run('b.sh'))]).toEqual(['passed', 'passed']);
    expect(worker.log).toEqual([expect.stringMatching(/the program of `serve` could not be started: .*ENOENT/)]);
  });

  test('a file that kills it costs itself alone', async () => {
    const run = await inOneProcess(aWarmWorker(), {
      'a.sh': GREEN,
      'b.sh': '[ "$HOLDFAST_ATTEMPT" ] || kill -9 $PPID; exit 4\n',
      'c.sh': GREEN,
    });
    const [a, b, c] = [await run('a.sh'), await run('b.sh'), await run('c.sh')];
    expect([a, c].map(kindOf)).toEqual(['passed', 'passed']);
    expect(parentOf(c)).not.toBe(parentOf(a));
    expect(b).toMatchObject({ exitCode: 4, end: { kind: 'failed' } });
  });

  test('what a file leaves running is named, and the next one has a new program', async () => {
    const worker = aWarmWorker();
    const run = await inOneProcess(worker, { 'a.sh': `${GREEN}sleep 300 >/dev/null 2>&1 &\n`, 'b.sh': GREEN });
    const [a, b] = [await run('a.sh'), await run('b.sh')];
    expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
    expect(parentOf(b)).not.toBe(parentOf(a));
    expect(worker.log).toEqual([expect.stringMatching(/a\.sh leaves something behind for the next file: the process \d+/)]);
  });

  test('at the timeout the program and what it runs are ended', async () => {
    const cwd = await temporaryProject({
      'serve.sh': SERVE,
      'a.sh': GREEN,
      'b.sh': 'echo $$ $PPID > pids; while :; do sleep 0.05; done\n',
    });
    const run = running(cwd, aWarmWorker(), command, { spec });
    await run('a.sh'); // The start of the program is no part of what the timeout is for.
    const late = await run('b.sh', { timeoutMs: 2_000 });
    expect(late.end).toMatchObject({ kind: 'timedOut', timeoutMs: 2_000 });
    const pids = (await readFile(join(cwd, 'pids'), 'utf8')).trim().split(' ').map(Number);
    expect(pids).toEqual([expect.any(Number), expect.any(Number)]);
    for (const pid of pids) await until('it is gone', async () => !(await isAlive(pid)));
  });
});
