import { describe, expect, test } from 'vitest';
import { nextKill, parseMix } from '../../src/core/fleet/chaos.js';
import { seededRandom } from '../../src/core/plan/random.js';

describe('a mix of kills', () => {
  test.each([
    ['term=1', { term: 1, kill: 0, stop: 0 }],
    ['term=1,kill=2.5, stop=3', { term: 1, kill: 2.5, stop: 3 }],
  ])('%s is read', (text, mix) => expect(parseMix(text)).toEqual(mix));

  test.each(['', 'term', 'term=0', 'term=-1', 'hup=1', 'term=1,,', 'term=1e3'])('“%s” is none', (text) => {
    expect(parseMix(text)).toBeNull();
  });
});

describe('strikes', () => {
  const strikes = (seed: number, mix = { term: 1, kill: 2, stop: 0 }) => {
    const random = seededRandom(seed);
    return Array.from({ length: 3_000 }, () => nextKill(random, { everyMs: 2_000, mix, workers: 4 }));
  };

  test('are the same for the same seed, and others for another', () => {
    expect(strikes(7)).toEqual(strikes(7));
    expect(strikes(7)).not.toEqual(strikes(8));
  });

  test('come about as often as asked, and never later than four times that', () => {
    const pauses = strikes(1).map(({ afterMs }) => afterMs);
    const mean = pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length;
    expect(mean).toBeGreaterThan(1_800);
    expect(mean).toBeLessThan(2_200);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8_000);
  });

  test('are mixed as asked, over all workers', () => {
    const made = strikes(2);
    const share = made.filter(({ kill }) => kill === 'kill').length / made.length;
    expect(share).toBeGreaterThan(0.63);
    expect(share).toBeLessThan(0.7);
    expect(made.filter(({ kill }) => kill === 'stop')).toEqual([]);
    expect([...new Set(made.map(({ victim }) => victim))].toSorted()).toEqual([0, 1, 2, 3]);
  });
});
