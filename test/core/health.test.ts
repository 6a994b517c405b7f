import { describe, expect, test } from 'vitest';
import { HEALTHY, type HealthSignal, healthAfter, ON_PROBATION } from '../../src/core/fleet/health.js';

const ran: HealthSignal = { kind: 'ran' };
const refused = (work: string): HealthSignal => ({ kind: 'refused', work, reason: 'sh is missing' });
const sicknessAfter = (signs: readonly HealthSignal[], start = HEALTHY) =>
  signs.reduce((health, sign) => healthAfter(sign, health), start).sickness;

describe('a worker is well', () => {
  test.each<[string, readonly HealthSignal[]]>([
    ['when it has done nothing yet', []],
    ['while files run', [ran, ran]],
    ['when two files in a row could not be run', [refused('a'), refused('b')]],
    ['when one file is missing everywhere', [refused('a'), refused('a'), refused('a'), refused('a')]],
    ['when files that run come between', [refused('a'), refused('b'), ran, refused('c'), refused('d')]],
  ])('%s', (_, signs) => expect(sicknessAfter(signs)).toBeNull());
});

describe('it is sick', () => {
  test.each<[string, readonly HealthSignal[], number]>([
    ['when three files in a row could not be run', [refused('a'), refused('b'), refused('c')], 3],
    ['when one file could not be run five times', [1, 2, 3, 4, 5].map(() => refused('a')), 5],
  ])('%s', (_, signs, count) => expect(sicknessAfter(signs)).toBe(`${count} in a row could not be run: sh is missing`));

  test('at once where nothing can be run', () => {
    expect(sicknessAfter([ran, { kind: 'unfit', reason: 'The disk is full.' }])).toBe('The disk is full.');
  });

  test('at the first refusal after a rest, and well after the first file that runs', () => {
    expect(sicknessAfter([refused('a')], ON_PROBATION)).toBe('1 in a row could not be run: sh is missing');
    expect(sicknessAfter([ran, refused('a')], ON_PROBATION)).toBeNull();
  });
});
