import { expect, test } from 'vitest';
import { fleetSnapshot, sickOf } from '../../src/core/fleet/fleet.js';

const seen = [
  { worker: 'a/1', slots: 2, memoryMb: null, sick: null, lastSeenMs: 5_000 },
  { worker: 'b/2', slots: 3, memoryMb: 8_000, sick: null, lastSeenMs: 9_000 },
  { worker: 'd/4', slots: 8, memoryMb: null, sick: 'no shell', lastSeenMs: 9_000 },
];

test.each([
  ['all of them count', {}, 5],
  ['one that lost a file after its last poll is gone', { 'a/1': 5_400 }, 3],
  ['one that has polled since is back', { 'b/2': 8_999 }, 5],
  ['who was never seen changes nothing', { 'c/3': 1 }, 5],
  ['all may be gone', { 'a/1': 6_000, 'b/2': 60_000 }, 0],
])('%s', (_, gone, slots) => {
  expect(fleetSnapshot(seen, gone, 10_000).slots).toBe(slots);
});

test('who has taken itself out is told with its reason, while it is there', () => {
  expect(sickOf(seen, 10_000)).toEqual([{ worker: 'd/4', reason: 'no shell' }]);
  expect(sickOf(seen, 200_000)).toEqual([]);
});

test('a snapshot names who takes work, the newest poll first, and the largest', () => {
  expect(fleetSnapshot(seen, {}, 10_000)).toMatchObject({ largest: 3, largestMemoryMb: 8_000, workers: ['b/2', 'a/1'] });
});
