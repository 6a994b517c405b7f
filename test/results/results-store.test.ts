import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openResults, type ResultsPlace, type ResultsStore } from '../../src/adapters/results/index.js';
import type { AttemptOutcome } from '../../src/core/model/attempt.js';
import { startPostgres } from '../support/postgres.js';
import { aCase, aFile, anAttempt, anEnd, anInput, passed, ranFor } from '../support/recorded.js';

/** Each gives a fresh, empty place, and a way to remove it. */
const PLACES: Record<string, () => Promise<{ place: ResultsPlace; remove: () => Promise<void> }>> = {
  async embedded() {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-results-'));
    return { place: { kind: 'embedded', folder }, remove: () => rm(folder, { recursive: true, force: true }) };
  },
  async postgres() {
    const { url, stop } = await startPostgres();
    return { place: { kind: 'postgres', url }, remove: stop };
  },
};

describe.each(Object.entries(PLACES))('on %s', (_, prepare) => {
  let store: ResultsStore;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const prepared = await prepare();
    remove = prepared.remove;
    store = await openResults(prepared.place);
  });
  afterAll(async () => {
    await store?.close();
    await remove?.();
  });

  /** A run of its own suite, so that no test sees another's. */
  async function openRun(suite: string, runId = 'r1', startedAtMs = 1_000) {
    await store.openRun(anInput(suite, runId), startedAtMs);
    return { suite, runId };
  }

  /** Durations on the clock of the wall, newest first. */
  async function durationsOf(suite: string, samples: number) {
    const found = await store.durations(suite, samples);
    return new Map([...found].map(([path, own]) => [path, own.map(({ wallMs }) => wallMs)]));
  }

  test('files are kept apart until they are forgotten, some or all', async () => {
    const port = { path: 'b', seen: 'port 80 was in use', sinceMs: 1_000 };
    const later = { path: 'a', seen: 'c ran beside it', sinceMs: 2_000 };
    await store.keepApart('apart', [port]);
    await store.keepApart('apart', [{ ...port, seen: 'something else', sinceMs: 2_000 }, later]);
    await store.keepApart('another', [port]);
    await store.keepApart('another', []);
    expect(await store.apart('apart')).toEqual([later, port]);
    expect(await store.forgetApart('apart', ['b', 'unknown'])).toEqual(['b']);
    expect(await store.apart('apart')).toEqual([later]);
    expect(await store.forgetApart('apart', null)).toEqual(['a']);
    expect(await store.apart('apart')).toEqual([]);
    expect(await store.apart('another')).toEqual([port]);
  });

  test('what is recorded comes back whole', async () => {
    const run = await openRun('whole');
    const cases = [
      aCase('adds'),
      aCase('adds', {
        status: 'failed',
        durationMs: 0.125,
        message: 'expected 1',
        stack: 'at cart.ts:1',
        retries: 2,
        output: 'log\n',
      }),
      aCase('later', { name: ['later "quoted", {braces}', 'back\\slash', '', 'größe'], status: 'skipped', message: 'todo' }),
    ];
    const red: AttemptOutcome = {
      ...ranFor(812.5, cases),
      kind: 'timedOut',
      endedBy: 'SIGKILL',
      timeoutMs: 800,
      exitCode: null,
      signal: 'SIGKILL',
      failures: [{ name: ['group', 'adds'], message: 'expected 1' }],
      outputTail: 'the end',
      output: 'runs/whole/r1/out',
    };
    const lost: AttemptOutcome = { kind: 'lost', cause: 'preempted', reason: 'SIGTERM', atMs: 2_345 };
    const files = [
      {
        ...aFile(
          'a.test.ts',
          anAttempt(red, 1_001),
          { worker: null, startedAtMs: 2_000, outcome: lost },
          anAttempt(passed(3, [aCase('adds')]), 3_000),
        ),
        verdict: 'flaky',
        estimateMs: 12.5,
      },
      { ...aFile('b\n"ö\'$.test.ts', anAttempt({ ...ranFor(5), kind: 'noTests', isError: true })), verdict: 'failed' },
      { ...aFile('c.test.ts'), verdict: 'notRun' },
    ] as const;
    await store.recordFiles(run, files);
    expect(await store.filesOf(run)).toEqual(files);
  });

  test('files come by path in code units, then repeat, whatever order they were recorded in', async () => {
    const run = await openRun('sorted');
    const keys = [
      ['b', 1],
      ['a', 10],
      ['ä', 1],
      ['a', 2],
      ['B', 1],
      ['a-b', 1],
    ] as const;
    for (const [path, repeat] of keys) await store.recordFiles(run, [{ ...aFile(path), repeat }]);
    const files = await store.filesOf(run);
    expect(files.map(({ path, repeat }) => `${path} ${repeat}`)).toEqual(['B 1', 'a 2', 'a 10', 'a-b 1', 'b 1', 'ä 1']);
  });

  test('written twice is written once', async () => {
    const run = await openRun('twice');
    const file = aFile('a.test.ts', anAttempt(passed(5, [aCase('one'), aCase('two')])));
    await store.recordFiles(run, [file]);
    await store.recordFiles(run, [file, aFile('b.test.ts', anAttempt(passed(7)))]);
    expect(await store.filesOf(run)).toEqual([file, aFile('b.test.ts', anAttempt(passed(7)))]);
    expect(await durationsOf('twice', 10)).toEqual(
      new Map([
        ['a.test.ts', [5]],
        ['b.test.ts', [7]],
      ]),
    );
  });

  test('the first record of a file stands, whole: a later one adds no attempt and no case', async () => {
    const run = await openRun('first');
    const first = aFile('a.test.ts', anAttempt(passed(5, [aCase('one')])));
    const later = aFile('a.test.ts', anAttempt(passed(6, [aCase('one'), aCase('two')])), anAttempt(passed(7)));
    await store.recordFiles(run, [first]);
    await store.recordFiles(run, [{ ...later, verdict: 'failed' }]);
    expect(await store.filesOf(run)).toEqual([first]);
  });

  test('writers of the same files at once leave one row each', async () => {
    const run = await openRun('at-once');
    const files = Array.from({ length: 60 }, (_, n) =>
      aFile(`f${n}.test.ts`, anAttempt(passed(n, [aCase('one'), aCase('two')]))),
    );
    const orders = [files, files.toReversed(), files.slice(30), files.slice(10, 50).toReversed(), files];
    await Promise.all(orders.map((batch) => store.recordFiles(run, batch)));
    const recorded = await store.filesOf(run);
    expect(recorded).toHaveLength(60);
    expect(recorded).toEqual(expect.arrayContaining(files));
  });

  test('a batch with a file that cannot be recorded leaves nothing of itself', async () => {
    const run = await openRun('all-or-none');
    const elsewhere: AttemptOutcome = { ...ranFor(5), kind: 'passed', report: { kind: 'stored', address: 'runs/x' } };
    const batch = [aFile('a.test.ts', anAttempt(passed(5))), aFile('b.test.ts', anAttempt(elsewhere))];
    await expect(store.recordFiles(run, batch)).rejects.toMatchObject({ code: 'RUN_UNREADABLE' });
    expect(await store.filesOf(run)).toEqual([]);
  });

  test('output that is no text for PostgreSQL is kept as far as it is', async () => {
    const run = await openRun('odd-text');
    const odd = 'a\0b\uD800c😀';
    await store.recordFiles(run, [
      aFile('a.test.ts', anAttempt({ ...passed(5, [aCase(odd, { message: odd })]), outputTail: odd } as AttemptOutcome)),
    ]);
    const kept = 'a\uFFFDb\uFFFDc😀';
    const cases = [aCase(kept, { message: kept })];
    expect(await store.filesOf(run)).toMatchObject([{ attempts: [{ outcome: { outputTail: kept, report: { value: cases } } }] }]);
  });

  test('20,000 cases in one batch', { timeout: 120_000 }, async () => {
    const run = await openRun('large');
    const cases = Array.from({ length: 200 }, (_, n) => aCase(`case ${n}`, { message: n % 50 === 0 ? 'x'.repeat(2_000) : null }));
    const files = Array.from({ length: 100 }, (_, n) => aFile(`f${n}.test.ts`, anAttempt(passed(n, cases))));
    await store.recordFiles(run, files);
    const recorded = await store.filesOf(run);
    expect(recorded).toHaveLength(100);
    for (const { attempts } of recorded) expect(attempts).toMatchObject([{ outcome: { report: { value: cases } } }]);
  });

  test('durations are those of passing attempts only, newest first, not more than asked for', async () => {
    const red: AttemptOutcome = { ...ranFor(9_999), kind: 'failed' };
    const slow: AttemptOutcome = { ...ranFor(9_999), kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: 9_999 };
    const dead: AttemptOutcome = { ...ranFor(9_999), kind: 'crashed', reason: 'no report' };
    const lost: AttemptOutcome = { kind: 'lost', cause: 'leaseLost', reason: 'no beat', atMs: 5_000 };
    const none: AttemptOutcome = { ...ranFor(9_999), kind: 'noTests', isError: false };
    for (const [n, startedAtMs] of [3_000, 1_000, 4_000, 2_000].entries()) {
      const run = await openRun('durations', `r${n}`, startedAtMs);
      const attempts = [red, slow, dead, lost, none].map((outcome) => anAttempt(outcome, startedAtMs + 500));
      await store.recordFiles(run, [
        aFile('a.test.ts', ...attempts, anAttempt(passed(startedAtMs / 1_000 + 0.5), startedAtMs)),
        aFile('red.test.ts', anAttempt(red)),
      ]);
    }
    const other = await openRun('durations-of-another-suite');
    await store.recordFiles(other, [aFile('a.test.ts', anAttempt(passed(77)))]);
    expect(await durationsOf('durations', 10)).toEqual(new Map([['a.test.ts', [4.5, 3.5, 2.5, 1.5]]]));
    expect(await durationsOf('durations', 2)).toEqual(new Map([['a.test.ts', [4.5, 3.5]]]));
    expect(await durationsOf('never-ran', 10)).toEqual(new Map());
  });

  test('an attempt beside others counts with its effort; imported durations count until a file has passed here', async () => {
    const run = await openRun('effort');
    const load = { cpuMs: 2_000, busySlots: 4, cores: 2, idleShare: 0, machine: 'm' };
    await store.recordFiles(run, [aFile('a', anAttempt({ ...ranFor(4_000), kind: 'passed', load }))]);
    await store.importDurations('effort', { a: 99, new: 7 });
    await store.importDurations('effort', { new: 8 });
    expect(await store.durations('effort', 10)).toEqual(
      new Map([
        ['a', [{ wallMs: 4_000, effortMs: 2_000, machine: 'm' }]],
        ['new', [{ wallMs: 8, effortMs: 8, machine: null }]],
      ]),
    );
  });

  test('the calls of a suite are those of its last finished run', async () => {
    expect(await store.callsMs('calls')).toEqual([]);
    for (const [index, callMs] of [700, 900, 1_100].entries()) {
      const run = await openRun('calls', `r${index}`, 1_000 * (index + 1));
      await store.recordFiles(run, [
        aFile('a', anAttempt({ ...ranFor(1), kind: 'passed', callMs })),
        aFile('b', anAttempt(passed(1))),
      ]);
      if (index < 2) await store.closeRun(run, ...anEnd('calls', run.runId));
    }
    expect(await store.callsMs('calls')).toEqual([900]);
  });

  test('the newest content of a file is the one that counts, and copies come back', async () => {
    const copy = { isOriginal: true, worker: 'w/1', startedAtMs: 5, wastedMs: 6, savedMs: 7, outcome: null };
    for (const [index, content] of ['one', 'two'].entries()) {
      const run = await openRun('contents', `c${index}`, 1_000 * (index + 1));
      await store.recordFiles(run, [
        { ...aFile('a', anAttempt(passed(1))), content, copies: [copy] },
        aFile('b', anAttempt(passed(1))),
      ]);
    }
    expect(await store.contents('contents')).toEqual(new Map([['a', 'two']]));
    expect(await store.filesOf({ suite: 'contents', runId: 'c1' })).toMatchObject([{ path: 'a', copies: [copy] }, { path: 'b' }]);
  });

  test('runs that are too old are forgotten with all they had, others stay', async () => {
    for (const [runId, startedAtMs] of [
      ['old', 1_000],
      ['new', 9_000],
    ] as const) {
      const run = await openRun('forget', runId, startedAtMs);
      await store.recordFiles(run, [aFile('a', anAttempt(passed(startedAtMs, [aCase('one')]), startedAtMs))]);
    }
    await store.forget('forget', 5_000);
    expect(await store.filesOf({ suite: 'forget', runId: 'old' })).toEqual([]);
    expect(await durationsOf('forget', 10)).toEqual(new Map([['a', [9_000]]]));
  });

  test('a run opened twice keeps its first start', async () => {
    await openRun('reopened', 'r1', 1_000);
    await openRun('reopened', 'r1', 9_000);
    const runs = (await store.listRuns(1_000)).filter(({ suite }) => suite === 'reopened');
    expect(runs).toMatchObject([
      { runId: 'r1', status: 'running', startedAtMs: 1_000, finishedAtMs: null, totals: null, owner: null },
    ]);
  });

  test('a closed run tells how it ended, and may be closed again', async () => {
    const run = await openRun('closed');
    const [result, report] = anEnd('closed', 'r1');
    await store.closeRun(run, result, report);
    await store.closeRun(run, result, report);
    const runs = (await store.listRuns(1_000)).filter(({ suite }) => suite === 'closed');
    expect(runs).toEqual([
      {
        suite: 'closed',
        runId: 'r1',
        status: 'passed',
        startedAtMs: 1_000,
        finishedAtMs: 61_234,
        owner: null,
        commit: 'c0ffee',
        totals: result.totals,
      },
    ]);
  });

  test('runs are listed newest first, as many as asked for', async () => {
    const far = Date.parse('2099-01-01');
    for (const [n, offset] of [2, 0, 3, 1].entries()) await openRun('listed', `r${n}`, far + offset);
    expect((await store.listRuns(3)).map(({ runId }) => runId)).toEqual(['r2', 'r0', 'r3']);
  });

  test('a run that was never opened cannot be written to, and has no files', async () => {
    const run = { suite: 'unopened', runId: 'r1' };
    await expect(store.recordFiles(run, [aFile('a')])).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(store.closeRun(run, ...anEnd('unopened', 'r1'))).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    expect(await store.filesOf(run)).toEqual([]);
  });
});
