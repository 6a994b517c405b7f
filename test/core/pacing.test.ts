import { expect, test } from 'vitest';
import { pauseAfter } from '../../src/core/schedule/pacing.js';

test('the longer an answer takes, the longer the pause after it, within bounds', () => {
  const pace = { leastMs: 200, perAnswer: 40, longestMs: 1_000 };
  expect([0, 5, 10, 20, 500].map((tookMs) => pauseAfter(tookMs, pace))).toEqual([200, 200, 400, 800, 1_000]);
});
