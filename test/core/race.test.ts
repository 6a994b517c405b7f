import { expect, test } from 'vitest';
import type { AttemptRecord } from '../../src/core/model/attempt.js';
import { accountOf, type Contender, isDecided, type RacedAttempt, winnerOf } from '../../src/core/schedule/race.js';
import { anOutcome, LOST } from '../reporters/samples.js';

const running: Contender = { kind: 'running' };
const cancelled = ended(null);
const passed = ended('passed');
const red = ended('failed');
const lost: Contender = { kind: 'ended', record: { worker: 'gone/1', startedAtMs: 0, outcome: LOST }, atMs: 12_000 };

function ended(kind: 'passed' | 'failed' | null): Contender {
  const record: AttemptRecord | null = kind && { worker: `${kind}/1`, startedAtMs: 9_000, outcome: anOutcome(kind) };
  return { kind: 'ended', record, atMs: 12_000 };
}

test.each<[string, Contender, Contender, boolean, 'original' | 'copy']>([
  ['both run', running, running, false, 'original'],
  ['a pass decides', passed, running, true, 'original'],
  ['a pass of the copy decides', running, passed, true, 'copy'],
  ['red waits for the other', red, running, false, 'original'],
  ['a red copy waits for the original', running, red, false, 'copy'],
  ['a pass after a red one wins', red, passed, true, 'copy'],
  ['two passes: the original counts', passed, passed, true, 'original'],
  ['two reds: the original counts', red, red, true, 'original'],
  ['a red copy counts where the original was lost', lost, red, true, 'copy'],
  ['a lost copy never counts', red, lost, true, 'original'],
  ['a copy that was cancelled says nothing', red, cancelled, true, 'original'],
])('%s', (_, original, copy, isOver, winner) => {
  expect(isDecided({ original, copy })).toBe(isOver);
  expect(winnerOf({ original, copy })).toBe(winner);
});

const RACED: RacedAttempt = { elapsedMs: 8_000, estimateMs: 1_000, slowness: 1, worker: 'slow/1', copiedAtMs: 10_000 };

test('a copy that wins saves what the original would have taken longer, and wastes what it took', () => {
  const { records, copy } = accountOf({ original: cancelled, copy: passed }, RACED);
  expect(records).toMatchObject([{ worker: 'passed/1', outcome: { kind: 'passed', isCopy: true } }]);
  expect(copy).toEqual({
    isOriginal: true,
    worker: 'slow/1',
    startedAtMs: 2_000,
    wastedMs: 10_000,
    savedMs: 10_000,
    outcome: null,
  });
});

test('an original that wins wastes the time of its copy', () => {
  const { records, copy } = accountOf({ original: passed, copy: cancelled }, RACED);
  expect(records).toMatchObject([{ worker: 'passed/1', outcome: { kind: 'passed' } }]);
  expect(copy).toEqual({ isOriginal: false, worker: null, startedAtMs: 10_000, wastedMs: 2_000, savedMs: 0, outcome: null });
});

test('an original that was lost is a loss beside what its copy says, and nothing was saved', () => {
  const { records, copy } = accountOf({ original: lost, copy: red }, RACED);
  expect(records.map(({ outcome }) => outcome.kind)).toEqual(['lost', 'failed']);
  expect(copy).toMatchObject({ isOriginal: true, savedMs: 0, outcome: null });
});
