'use strict';
const { slugOf, uniqueSlug } = require('./slug');

test.each([
  ['Tea pot', 'tea-pot'],
  ['Käsemesser, groß', 'kasemesser-gross'],
  ['  — Crème brûlée — ', 'creme-brulee'],
  ['Łódź & Ørsted', 'lodz-orsted'],
  ['茶', 'article'],
])('%s becomes %s', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test('a name that is taken gets the next free number', () => {
  expect(uniqueSlug('Cup', new Set(['cup', 'cup-2', 'cup-4']))).toBe('cup-3');
});
