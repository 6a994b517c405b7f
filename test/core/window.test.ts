import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { windowSize } from '../../src/core/schedule/window.js';

const { shortFileMs, largestWindow, windowOfUnseenFleet, windowPerSlot, windowPerSlotOfShortFiles } = DEFAULTS;

test.each<[string, Parameters<typeof windowSize>[0], number]>([
  ['no worker seen yet', { slots: 0, typicalMs: 60_000, maxInFlight: null }, windowOfUnseenFleet],
  ['no worker seen, a stricter limit', { slots: 0, typicalMs: null, maxInFlight: 1 }, 1],
  ['long files', { slots: 4, typicalMs: 60_000, maxInFlight: null }, 4 * windowPerSlot],
  ['files of unknown length', { slots: 4, typicalMs: null, maxInFlight: null }, 4 * windowPerSlot],
  ['short files hide the dispatch of the next', { slots: 4, typicalMs: 40, maxInFlight: null }, 4 * windowPerSlotOfShortFiles],
  ['just short', { slots: 1, typicalMs: shortFileMs - 1, maxInFlight: null }, windowPerSlotOfShortFiles],
  ['just not short', { slots: 1, typicalMs: shortFileMs, maxInFlight: null }, windowPerSlot],
  ['a limit below the fleet', { slots: 10, typicalMs: 40, maxInFlight: 3 }, 3],
  ['a limit above the fleet changes nothing', { slots: 2, typicalMs: 60_000, maxInFlight: 500 }, 2 * windowPerSlot],
  ['a fleet beyond what one workflow may hold', { slots: 100_000, typicalMs: 40, maxInFlight: null }, largestWindow],
  ['a limit beyond what one workflow may hold', { slots: 100_000, typicalMs: 40, maxInFlight: 9_999 }, largestWindow],
  ['none while the run is paused', { slots: 4, typicalMs: 40, maxInFlight: 0 }, 0],
])('%s', (_, fleet, expected) => {
  expect(windowSize(fleet)).toBe(expected);
});
