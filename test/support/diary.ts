import { expect } from 'vitest';
import type { SuiteReport } from '../../src/core/model/suite-report.js';
import type { Project } from './project.js';
import { until } from './until.js';

/** One copy of a test file that ran, as it says itself. Times are ms of one monotonic clock, to 10 ms. */
export type Copy = {
  readonly file: string;
  readonly worker: string;
  readonly pid: number;
  readonly startedMs: number;
  /** null while it runs, and for ever when it was killed. */
  readonly endedMs: number | null;
};

export type Diary = {
  /** In the order of their starts. */
  readonly copies: readonly Copy[];
  /** What copies said that found another one of their file alive as they started. */
  readonly overlaps: readonly string[];
};

/**
 * A test file that keeps a diary, whatever Holdfast says of it: `start` and `end` with worker, process and time. As it starts it looks
 * whether an earlier copy of it is alive: by process id and start time, so that a process id that was given away again means nothing.
 * `body` may call `holds NAME`, which waits for the gate of that name, and ends with its own exit code.
 */
export function diaryScript(body = 'true'): string {
  return `read -r stat < "/proc/$$/stat"; set -- $stat; born=\${22}
note() { read -r now _ < /proc/uptime; echo "$1 $HOLDFAST_FILE $HOLDFAST_WORKER $$ $now" >> diary; }
holds() { while [ ! -e "$1" ]; do sleep 0.05; done; }
mkdir -p .copies; copies=".copies/$(echo "$HOLDFAST_FILE" | tr / _)"
echo "$$ $born" >> "$copies"
while read -r pid since; do
  [ "$pid" = "$$" ] && continue
  [ -r "/proc/$pid/stat" ] || continue
  stat=''; read -r stat < "/proc/$pid/stat" 2>/dev/null
  set -- $stat
  [ "\${22:-}" = "$since" ] && [ "\${3:-}" != Z ] && [ "\${3:-}" != X ] && note "overlap"
done < "$copies"
note start
gate="gate-\${HOLDFAST_WORKER##*/}-$(echo "$HOLDFAST_FILE" | tr / _)"
( ${body}
)
code=$?
note end
exit $code`;
}

/** Waits for the gate of the worker that runs it to have a code, and ends with that. A file is there before its text is. */
export const GATED = diaryScript('while [ ! -s "$gate" ]; do sleep 0.05; done; exit "$(cat "$gate")"');

/** Opens the gate of one copy. */
export function openGate(project: Project, suite: string, { file, worker }: Copy, exitCode = 0): Promise<void> {
  return project.write({ [`${suite}/gate-${worker.split('/').at(-1)}-${file.replaceAll('/', '_')}`]: `${exitCode}` });
}

/** What the files of a suite have written so far. */
export async function readDiary(project: Project, suite: string): Promise<Diary> {
  const copies: Copy[] = [];
  const overlaps: string[] = [];
  for (const line of await project.lines(`${suite}/diary`)) {
    const [what = '', file = '', worker = '', pid = '', time = ''] = line.split(' ');
    const atMs = Math.round(Number(time) * 1_000);
    if (what === 'overlap') overlaps.push(line);
    else if (what === 'start') copies.push({ file, worker, pid: Number(pid), startedMs: atMs, endedMs: null });
    else {
      const index = copies.findLastIndex((copy) => copy.file === file && copy.pid === Number(pid) && copy.endedMs === null);
      const copy = copies[index];
      if (what !== 'end' || copy === undefined) throw new Error(`The diary of ${suite} has a line that makes no sense: ${line}`);
      copies[index] = { ...copy, endedMs: atMs };
    }
  }
  return { copies, overlaps };
}

/** Waits until a file has started so many times, and returns the last of these copies. */
export function copyOf(project: Project, suite: string, file: string, times = 1): Promise<Copy> {
  return until(
    `${file} of ${suite} has started ${times} times`,
    async () => (await readDiary(project, suite)).copies.filter((copy) => copy.file === file)[times - 1],
  );
}

/**
 * Holds what a report says against what the files say themselves: no two copies of a file at once, every attempt told is one that ran where
 * it is said to have run, none that ran to its end is missing or told twice, nothing ran after its verdict, and nothing that was not planned.
 */
export function checkDiary({ files, totals }: SuiteReport, { copies, overlaps }: Diary): void {
  expect(overlaps, 'copies that found another one alive').toEqual([]);
  const planned = new Set(files.map(({ path }) => path));
  expect([...new Set(copies.map(({ file }) => file))].filter((file) => !planned.has(file))).toEqual([]);
  expect({ lost: totals.lost, countedTwice: totals.countedTwice }).toEqual({ lost: 0, countedTwice: 0 });
  for (const { path, verdict, attempts, losses } of files) {
    const mine = copies.filter(({ file }) => file === path);
    const ended = mine.filter(({ endedMs }) => endedMs !== null);
    const told = `${path} (${verdict}): ${JSON.stringify({ attempts: attempts.map(({ worker }) => worker), losses, mine })}`;
    expect(mine.length, told).toBeGreaterThanOrEqual(attempts.length);
    expect(mine.length, told).toBeLessThanOrEqual(attempts.length + losses.length + (verdict === 'notRun' ? 1 : 0));
    for (const { worker } of attempts)
      expect(
        mine.map((copy) => copy.worker),
        told,
      ).toContain(worker);
    const complete = attempts.filter(({ outcome }) => outcome === 'passed' || outcome === 'failed');
    expect(ended.length, told).toBeGreaterThanOrEqual(complete.length);
    for (const [index, copy] of mine.slice(1).entries()) {
      const before = mine[index];
      if (before && before.endedMs !== null) expect(copy.startedMs, told).toBeGreaterThanOrEqual(before.endedMs);
    }
    const last = attempts.at(-1);
    if (last !== undefined && verdict === 'passed') {
      expect(mine.at(-1), told).toMatchObject({ worker: last.worker, endedMs: expect.any(Number) });
    }
  }
}
