'use strict';
const { SearchIndex } = require('./search');

let index;
beforeEach(() => {
  index = new SearchIndex();
  index.add('tea-1', 'Darjeeling, first flush');
  index.add('tea-2', 'Darjeeling, second flush');
  index.add('pot', 'Tea pot, cast iron');
});

test.each([
  ['darjeeling', ['tea-1', 'tea-2']],
  ['DARJEELING flush', ['tea-1', 'tea-2']],
  ['flush first', ['tea-1']],
  ['dar', ['tea-1', 'tea-2']],
  ['dar first', []],
  ['tea ir', ['pot']],
  ['green', []],
  ['  ', []],
])('"%s" finds %j', (query, skus) => {
  expect(index.find(query)).toEqual(skus);
});
