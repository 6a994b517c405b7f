'use strict';
const { pageOf } = require('./page');

const articles = (...skus) => skus.map((sku) => ({ sku }));
const skusOf = ({ items }) => items.map(({ sku }) => sku);

test('pages follow each other to the end', () => {
  const all = articles('d', 'a', 'c', 'e', 'b');
  const first = pageOf(all, { size: 2 });
  const second = pageOf(all, { size: 2, cursor: first.next });
  const third = pageOf(all, { size: 2, cursor: second.next });
  expect([first, second, third].map(skusOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(third.next).toBeNull();
});

test('an article that goes meanwhile hides no other one', () => {
  const { next } = pageOf(articles('a', 'b', 'c', 'd'), { size: 2 });
  expect(skusOf(pageOf(articles('a', 'c', 'd'), { size: 2, cursor: next }))).toEqual(['c', 'd']);
});

test.each(['', 'garbage', Buffer.from('{"after":7}').toString('base64url')])('the cursor "%s" is refused', (cursor) => {
  expect(() => pageOf(articles('a'), { size: 1, cursor })).toThrow('not one of ours');
});
