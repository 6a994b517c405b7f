import assert from 'node:assert/strict';
import { test } from 'node:test';

const postcode = (text) => /^\s*(\d{5})\s*$/.exec(text)?.[1] ?? null;

test('a postcode has five digits', () => {
  assert.deepEqual(['10115', ' 01067 ', '1011', '101155'].map(postcode), ['10115', '01067', null, null]);
});
