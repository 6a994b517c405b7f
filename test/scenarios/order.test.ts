import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { type Stack, startStack } from '../support/cluster.js';
import { aProject, type Project } from '../support/project.js';
import { fileOf, runSuite } from '../support/result.js';

/** Takes so long, and writes down when it began and ended, with its slot. */
const takes = (seconds: number, exit = 0) =>
  `b=$(date +%s%N); sleep ${seconds}; echo "$HOLDFAST_FILE $b $(date +%s%N) $HOLDFAST_SLOT" >> diary; exit ${exit}`;

type Entry = { readonly file: string; readonly began: bigint; readonly ended: bigint; readonly slot: number };
async function diaryOf(project: Project, suite: string): Promise<Entry[]> {
  const entries = (await project.lines(`${suite}/diary`)).map((line) => {
    const [file = '', began = '', ended = '', slot = ''] = line.split(' ');
    return { file, began: BigInt(began), ended: BigInt(ended), slot: Number(slot) };
  });
  return entries.toSorted((a, b) => (a.began < b.began ? -1 : 1));
}

/** How many ran at once when each began. */
const crowdAt = (entries: readonly Entry[]) =>
  entries.map(({ began }) => entries.filter((other) => other.began <= began && began < other.ended));

let project: Project;
let stack: Stack;
afterAll(async () => {
  await stack?.stop();
  await project.remove();
});

/** Half a second apart and more: a busy machine adds some tenths to each. */
const TIMES = { 'a.sh': 0.5, 'b.sh': 2.5, 'c.sh': 1, 'd.sh': 1.5, 'e.sh': 0.1 };

test('on one slot files start longest first, exactly; a new one before all', async () => {
  const one = await aProject({ slots: 1 });
  const alone = await startStack(one);
  try {
    await one.addSuite('unit', Object.fromEntries(Object.entries(TIMES).map(([file, seconds]) => [file, takes(seconds)])));
    await runSuite(one, 'unit');
    await one.addSuite('unit', {
      ...Object.fromEntries(Object.entries(TIMES).map(([file, seconds]) => [file, takes(seconds)])),
      'new.sh': takes(0.3),
      'b.sh': takes(0.3, 1), // Red and short: that says nothing of how long it takes. Longer than a dispatch, or the order of two is the server's.
    });
    const plan = await runCli(['run', '--dry-run'], { cwd: one.root });
    const planned = [...plan.stdout.matchAll(/^\d+ +(\S+\.sh)/gm)].map(([, file]) => file);
    expect(planned).toEqual(['new.sh', 'b.sh', 'd.sh', 'c.sh', 'a.sh', 'e.sh']);

    const before = (await one.lines('unit/diary')).length;
    const { report } = await runSuite(one, 'unit');
    const started = (await diaryOf(one, 'unit')).slice(before).map(({ file }) => file);
    expect(started).toEqual(planned);
    expect(fileOf(report, 'new.sh').estimateMs).toBeNull();
    expect(fileOf(report, 'b.sh').estimateMs).toBeGreaterThanOrEqual(2_500);

    const again = await runCli(['run', '--dry-run'], { cwd: one.root });
    expect(again.stdout).toMatch(/^1 +b\.sh +\d\.\d s/m); // Its failure left the record alone.
  } finally {
    await alone.stop();
    await one.remove();
  }
});

test('a first run has nothing but the sizes of its files, and begins with the largest', async () => {
  const one = await aProject({ slots: 1 });
  const alone = await startStack(one);
  try {
    const padding = (lines: number) => '# so many cases\n'.repeat(lines);
    const body = takes(0.3); // Longer than a dispatch, or the order of two is the server's.
    await one.addSuite('unit', {
      'a.sh': body,
      'b.sh': padding(10) + body,
      'c.sh': padding(30) + body,
      'd.sh': padding(20) + body,
    });
    await runSuite(one, 'unit');
    expect((await diaryOf(one, 'unit')).map(({ file }) => file)).toEqual(['c.sh', 'd.sh', 'b.sh', 'a.sh']);
  } finally {
    await alone.stop();
    await one.remove();
  }
});

beforeAll(async () => {
  project = await aProject({ slots: 3 });
  stack = await startStack(project);
});

test('never more files at once than --max-in-flight, nor than slots, and no slot is shared', async () => {
  const scripts = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.sh`, takes(0.15)]));
  await project.addSuite('limited', scripts);
  expect((await runSuite(project, 'limited', ['--max-in-flight', '2'])).exitCode).toBe(0);
  const limited = await diaryOf(project, 'limited');
  expect(limited).toHaveLength(9);
  expect(Math.max(...crowdAt(limited).map((crowd) => crowd.length))).toBe(2);

  await project.addSuite('free', scripts);
  await runSuite(project, 'free');
  const free = await diaryOf(project, 'free');
  expect(free).toHaveLength(9);
  for (const crowd of crowdAt(free)) {
    expect(crowd.length).toBeLessThanOrEqual(3);
    expect(new Set(crowd.map(({ slot }) => slot)).size).toBe(crowd.length);
  }
  expect(new Set(free.map(({ slot }) => slot))).toEqual(new Set([1, 2, 3]));
});
