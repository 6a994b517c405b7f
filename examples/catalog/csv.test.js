'use strict';
const { parseCsv } = require('./csv');

test('each row is an object by the names of the first', () => {
  expect(parseCsv('sku,title\ntea,Darjeeling\ncup,Cup\n')).toEqual([
    { sku: 'tea', title: 'Darjeeling' },
    { sku: 'cup', title: 'Cup' },
  ]);
});

describe('a quoted field', () => {
  test.each([
    ['a comma', '"100 g, loose"', '100 g, loose'],
    ['a doubled quote', '"the ""best"" one"', 'the "best" one'],
    ['a line end', '"first\nsecond"', 'first\nsecond'],
  ])('may hold %s', (_, field, value) => {
    expect(parseCsv(`note\n${field}\n`)).toEqual([{ note: value }]);
  });
});

test('what spreadsheets add is no part of the first name', () => {
  expect(parseCsv('\uFEFFsku\r\ntea\r\n')).toEqual([{ sku: 'tea' }]);
});

test('an empty last field is a field', () => {
  expect(parseCsv('sku,note\ntea,')).toEqual([{ sku: 'tea', note: '' }]);
});

describe('what is wrong is told with its line', () => {
  test('a row that is too short', () => {
    expect(() => parseCsv('a,b\n1,2\n"x\ny"\n')).toThrow('Line 3 has 1 fields, not 2.');
  });

  test('a quote that is never closed', () => {
    expect(() => parseCsv('a\n1\n"2')).toThrow(/^Line 3 has a quote/);
  });
});
