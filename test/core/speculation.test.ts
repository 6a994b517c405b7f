import { expect, test } from 'vitest';
import { attemptsWorthCopying, type WorkerPace } from '../../src/core/schedule/speculation.js';

const NOW = 100_000;
const running = (activityId: string, worker: string, elapsedMs: number) => ({ activityId, worker, startedAtMs: NOW - elapsedMs });
const usual = (worker: string, factor: number): WorkerPace[] =>
  [1, 2, 3].map(() => ({ worker, durationMs: 1_000 * factor, estimateMs: 1_000 }));
const copiesOf = (
  attempts: readonly ReturnType<typeof running>[],
  paces: readonly WorkerPace[],
  estimateMs: number | null = 4_000,
) => attemptsWorthCopying(attempts, { estimateOf: () => estimateMs, paces, nowMs: NOW }).map(({ activityId }) => activityId);

test('an attempt within what is expected of it is left alone', () => {
  expect(copiesOf([running('a', 'w/1', 3_900)], [])).toEqual([]);
});

test('one that runs well past its estimate gets a copy', () => {
  expect(copiesOf([running('a', 'w/1', 5_100)], [])).toEqual(['a']);
  expect(copiesOf([running('a', 'w/1', 4_900)], [])).toEqual([]);
});

test('one on a worker that is known to be slow gets it at once, the latest first', () => {
  const paces = [...usual('fast/1', 1), ...usual('fast/2', 1), ...usual('slow/1', 5)];
  const attempts = [running('a', 'slow/1', 3_000), running('b', 'fast/1', 3_000), running('c', 'slow/1', 100)];
  expect(copiesOf(attempts, paces)).toEqual(['c', 'a']);
});

test('where all workers are slower than the record nobody is a straggler', () => {
  const paces = [...usual('x/1', 3), ...usual('x/2', 3)];
  expect(copiesOf([running('a', 'x/1', 10_000)], paces)).toEqual([]);
});

test('a file of which nothing is expected, or that must not run twice, gets none', () => {
  expect(copiesOf([running('a', 'w/1', 90_000)], [], null)).toEqual([]);
});

test('nothing is copied to save less than a dispatch takes', () => {
  expect(copiesOf([running('a', 'w/1', 500)], [], 50)).toEqual([]);
});
