import assert from 'node:assert/strict';
import { test } from 'node:test';

/** The next working day that is no holiday. Where every day is one, it looks for ever. */
function nextDelivery(from, isHoliday) {
  const day = new Date(from);
  do day.setUTCDate(day.getUTCDate() + 1);
  while (day.getUTCDay() % 6 === 0 || isHoliday(day));
  return day.toISOString().slice(0, 10);
}

test('a weekend is left out', () => {
  assert.equal(
    nextDelivery('2026-05-01', () => false),
    '2026-05-04',
  );
});

test('a calendar of holidays only is an error', () => {
  assert.throws(() => nextDelivery('2026-05-01', () => true), /no day/);
});
