import { expect, test } from 'vitest';
import type { PlannedFile } from '../../src/core/model/suite.js';
import { Pieces } from '../../src/core/plan/pieces.js';

const file = (path: string, estimateMs: number | null, more: Partial<PlannedFile> = {}): PlannedFile => ({
  path,
  repeat: 1,
  estimateMs,
  ...more,
});

/** The pieces of a suite, each as the names of its files. */
function piecesOf(files: readonly PlannedFile[], slots: number): readonly string[] {
  const pieces = new Pieces();
  const found: string[] = [];
  for (let waiting = files; waiting.length > 0; ) {
    const count = pieces.next(waiting, slots);
    found.push(
      waiting
        .slice(0, count)
        .map(({ path }) => path)
        .join(''),
    );
    waiting = waiting.slice(count);
  }
  return found;
}

const even = [...'abcdefgh'].map((path) => file(path, 10));

test.each([
  ['one slot has the whole suite', even, 1, ['abcdefgh']],
  ['each slot has as much as any other', even, 4, ['ab', 'cd', 'ef', 'gh']],
  ['long files make short pieces', [file('a', 60), ...even.slice(1, 7)], 2, ['a', 'bcdefg']],
  ['nothing is known', even.map(({ path }) => file(path, null)), 2, ['abcd', 'efgh']],
  ['a file without an estimate counts as the others do', [file('a', null), file('b', 30), file('c', 30)], 3, ['a', 'b', 'c']],
  ['more slots than files', even.slice(0, 2), 9, ['a', 'b']],
  [
    'a file that has its machine to itself runs by itself',
    even.map((one) => (one.path === 'c' ? { ...one, apart: 'seen' } : one)),
    1,
    ['ab', 'c', 'defgh'],
  ],
  ['no worker has been seen', even, 0, ['abcd', 'efgh']],
] as const)('%s', (_, files, slots, pieces) => {
  expect(piecesOf(files, slots)).toEqual(pieces);
});
