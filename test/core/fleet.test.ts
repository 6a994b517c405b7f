import { expect, test } from 'vitest';
import { slotsOf } from '../../src/core/fleet.js';

const seen = [
  { worker: 'a/1', slots: 2, lastSeenMs: 5_000 },
  { worker: 'b/2', slots: 3, lastSeenMs: 9_000 },
];

test.each([
  ['all of them count', {}, 5],
  ['one that lost a file after its last poll is gone', { 'a/1': 5_400 }, 3],
  ['one that has polled since is back', { 'b/2': 8_999 }, 5],
  ['who was never seen changes nothing', { 'c/3': 1 }, 5],
  ['all may be gone', { 'a/1': 6_000, 'b/2': 60_000 }, 0],
])('%s', (_, gone, slots) => {
  expect(slotsOf(seen, gone)).toBe(slots);
});
