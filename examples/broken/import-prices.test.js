import assert from 'node:assert/strict';
import { test } from 'node:test';

test('prices are read in euros, and kept in cents', () => {
  const prices = ['8.90', '4.50'].map((text) => Math.round(Number(text) * 100);
  assert.deepEqual(prices, [890, 450]);
});
