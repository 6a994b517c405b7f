import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { fileOf, runSuite } from '../support/result.js';
import { until } from '../support/until.js';

const project = await aRunningProject({ slots: 3 });

/** Writes down when it began and when it ended, on the clock of the machine. */
const takes = (seconds: number, exit = 0) =>
  `b=$(date +%s%N); sleep ${seconds}; echo "$HOLDFAST_FILE $b $(date +%s%N)" >> ../diary; exit ${exit}`;
type Entry = { readonly file: string; readonly began: bigint; readonly ended: bigint };
async function diary(): Promise<Entry[]> {
  const entries = (await project.lines('diary')).map((line) => {
    const [file = '', began = '', ended = ''] = line.split(' ');
    return { file, began: BigInt(began), ended: BigInt(ended) };
  });
  return entries.toSorted((a, b) => (a.began < b.began ? -1 : 1));
}
const crowd = (entries: readonly Entry[]) =>
  Math.max(...entries.map(({ began }) => entries.filter((other) => other.began <= began && began < other.ended).length));

test('files of a serial group never overlap, through repeats and over two runs, and keep their order', async () => {
  await project.write({ diary: '' });
  const scripts = { 'db-1.sh': takes(0.4), 'db-2.sh': takes(0.1, 1), 'db-3.sh': takes(0.2), 'other.sh': 'sleep 0.1' };
  await project.addSuite('serial', scripts, { retries: 1, rules: [{ files: 'db-*.sh', serial: 'db' }] });
  const [first, second] = await Promise.all([
    runCli(['run', '--suite', 'serial', '--run-id', 's1'], { cwd: project.root }),
    runCli(['run', '--suite', 'serial', '--run-id', 's2'], { cwd: project.root }),
  ]);
  expect([first.exitCode, second.exitCode]).toEqual([1, 1]);
  const entries = await diary();
  expect(entries).toHaveLength(8);
  expect(crowd(entries)).toBe(1);
  const starts = entries.map(({ file }) => file);
  for (const [before, after] of [
    ['db-1.sh', 'db-2.sh'],
    ['db-2.sh', 'db-3.sh'],
  ] as const) {
    expect(starts.indexOf(before)).toBeLessThan(starts.indexOf(after));
    expect(starts.lastIndexOf(before)).toBeLessThan(starts.lastIndexOf(after));
  }
});

test('of a resource never more is taken than there is, and others run beside it', async () => {
  await project.write({ diary: '' });
  const rules = [{ files: 'stage-*.sh', resources: { staging: 1 } }];
  const scripts = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`stage-${n}.sh`, takes(0.3)]));
  await project.addSuite('resource', scripts, { rules });
  await withResources({ staging: 2 });
  const { exitCode } = await runSuite(project, 'resource');
  expect(exitCode).toBe(0);
  const entries = await diary();
  expect(entries).toHaveLength(5);
  expect(crowd(entries)).toBe(2);
});

test('what waits for a resource is told, with what it waits for; a run that is gone holds nothing', async () => {
  const rules = [{ files: '*.sh', serial: 'lock' }];
  await project.addSuite('holder', { 'a.sh': 'sleep 300' }, { rules });
  await project.addSuite('waiter', { 'b.sh': 'exit 0' }, { rules });
  const holder = startCli(['run', '--suite', 'holder', '--run-id', 'h'], { cwd: project.root });
  await until('the holder runs', async () => (await show('holder/h')).includes('running  a.sh'));
  const waiter = startCli(['run', '--suite', 'waiter', '--run-id', 'w'], { cwd: project.root });
  await until('the other waits', async () => (await show('waiter/w')).includes('waiting  b.sh  for serial lock'));
  const impatient = startCli(['run', '--suite', 'waiter', '--run-id', 'i'], { cwd: project.root });
  await until('a third waits, too', async () => (await show('waiter/i')).includes('waiting  b.sh  for serial lock'));
  expect((await runCli(['ctl', 'skip', 'b.sh', 'waiter/i'], { cwd: project.root })).exitCode).toBe(0); // Nobody waits for what nobody wants.
  expect((await impatient).exitCode).toBe(4);
  expect((await runCli(['cancel', 'holder/h'], { cwd: project.root })).exitCode).toBe(0);
  expect((await waiter).exitCode).toBe(0);
  expect((await holder).exitCode).toBe(130);
});

const NEARLY_ALL_MEMORY_MB = Math.floor((0.9 * totalmem()) / 2 ** 20);

test.each([{ slots: 3 }, { memoryMb: NEARLY_ALL_MEMORY_MB }])(
  'a heavy file has a worker’s slots for itself, and no two of them wait for each other: %j',
  async (weight) => {
    await project.write({ diary: '' });
    const rules = [{ files: 'big-*.sh', ...weight }];
    const scripts = {
      'big-1.sh': takes(0.4),
      'big-2.sh': takes(0.4),
      'small-1.sh': takes(0.2),
      'small-2.sh': takes(0.2),
      'small-3.sh': takes(0.2),
    };
    await project.addSuite('heavy', scripts, { rules });
    const { exitCode, report } = await runSuite(project, 'heavy');
    expect(exitCode).toBe(0);
    expect(fileOf(report, 'big-1.sh').losses).toEqual([]);
    const entries = await diary();
    for (const { file, began, ended } of entries.filter((entry) => entry.file.startsWith('big')))
      expect(entries.filter((other) => other.file !== file && other.began < ended && began < other.ended)).toEqual([]);
  },
);

test.each([
  [{ rules: [{ files: '*.sh', slots: 9 }] }, /suites\.asks\.rules\[0\]\.slots asks for 9, but the largest worker has 3/, 2],
  [
    { rules: [{ files: '*.sh', memoryMb: 16_000_000 }] },
    /rules\[0\]\.memoryMb asks for 16000000, but the largest worker has \d+/,
    2,
  ],
  [
    { rules: [{ files: '*.sh', resources: { staging: 5 } }] },
    /rules\[0\]\.resources\.staging is 5, but resources\.staging has a capacity of 2/,
    2,
  ],
  [
    { rules: [{ files: '*.sh', resources: { moon: 1 } }] },
    /rules\[0\]\.resources\.moon names a resource that is not configured/,
    2,
  ],
])('what no worker and no resource can give is refused with its place: %j', async (suite, sentence, code) => {
  await project.addSuite('asks', { 'a.sh': 'exit 0' }, suite);
  await withResources({ staging: 2 });
  const { exitCode, stdout, stderr } = await runCli(['run', '--suite', 'asks'], { cwd: project.root });
  expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: code, said: expect.stringMatching(sentence) });
});

async function withResources(resources: Readonly<Record<string, number>>): Promise<void> {
  const file = path.join(project.root, 'holdfast.config.json');
  const config: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'));
  await project.write({ 'holdfast.config.json': JSON.stringify({ ...config, resources }) });
}

async function show(run: string): Promise<string> {
  return (await runCli(['show', run], { cwd: project.root })).stderr;
}
