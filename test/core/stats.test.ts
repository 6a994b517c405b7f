import { expect, test } from 'vitest';
import { statsOf, statsOfRun } from '../../src/core/fleet/stats.js';
import type { Progress } from '../../src/core/model/progress.js';
import { emptyVerdicts } from '../../src/core/model/totals.js';

const NAME = { suite: 'unit', runId: '1' };
const progress = (more: Partial<Progress>): Progress => ({
  phase: 'running',
  startedAtMs: 0,
  planned: 10,
  verdicts: { ...emptyVerdicts(), passed: 3, failed: 1 },
  retries: 0,
  losses: 0,
  inFlight: [],
  remainingMs: 5_000,
  slots: 2,
  isPaused: false,
  waiting: [],
  changes: [],
  finished: [],
  cursor: 0,
  batches: [],
  result: null,
  ...more,
});
const inFlight = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    activityId: `f${n}.1`,
    path: 'a',
    repeat: 1,
    attempt: 1,
    estimateMs: null,
    timeoutMs: 1,
  }));

test.each<[string, Partial<Progress>, { running: number; waiting: number; blocked: number }]>([
  ['what has neither verdict nor slot waits', {}, { running: 2, waiting: 4, blocked: 0 }],
  [
    'what another worker would not help is blocked',
    { waiting: [{ path: 'b', what: 'serial db' }] },
    { running: 2, waiting: 3, blocked: 1 },
  ],
  ['a paused run wants nothing', { isPaused: true }, { running: 2, waiting: 0, blocked: 0 }],
  ['parts of a file want slots of their own', { planned: 5, inFlight: inFlight(7) }, { running: 2, waiting: 5, blocked: 0 }],
])('%s', (_, more, expected) => {
  expect(statsOfRun(NAME, progress(more), 2)).toMatchObject(expected);
});

test('a run without a plan wants one worker, one that does not answer is told apart', () => {
  expect(statsOfRun(NAME, progress({ planned: null }), 0)).toMatchObject({ answers: true, waiting: 1 });
  expect(statsOfRun(NAME, null, 0)).toMatchObject({ answers: false, waiting: 0, remainingMs: null });
});

test('idle slots are those of the fleet that nothing runs in', () => {
  const runs = [statsOfRun(NAME, progress({}), 2), statsOfRun(NAME, progress({}), 1)];
  expect(statsOf(runs, { workers: 2, slots: 4 })).toMatchObject({ running: 3, idle: 1, waiting: 9, remainingMs: 10_000 });
  expect(statsOf([...runs, statsOfRun(NAME, null, 0)], { workers: 1, slots: 2 })).toMatchObject({ idle: 0, remainingMs: null });
});
