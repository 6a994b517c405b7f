import { expect, test } from 'vitest';
import { readTap } from '../../src/frameworks/tap.js';

const shapeOf = (text: string) => {
  const report = readTap(text);
  return report && { ...report, cases: report.cases.map(({ status, name, message }) => [status, ...name, message].join(' | ')) };
};

test('cases with what they say: comments, diagnostics, skips, what is to do, subtests', () => {
  const text = `TAP version 14
1..6
ok 1 - adds
not ok 2 - fails # TODO one day
not ok 3 - is \\# red
# (in file a, line 7)
#   said
not ok 4
  ---
  message: it is not 42
  duration_ms: 12.5
  stack: at a.js:3
  ...
a line of a test
# Subtest: group
    ok 1 - inner # time=5ms
    not ok 2 - inner red
    1..2
not ok 5 - group # time=10ms
not ok 6 - later # SKIP not today
`;
  expect(shapeOf(text)).toEqual({
    isComplete: true,
    bailout: null,
    cases: [
      'passed | adds | ',
      'skipped | fails | one day',
      'failed | is # red | (in file a, line 7)\n  said',
      'failed | test 4 | it is not 42',
      'passed | group | inner | ',
      'failed | group | inner red | ',
      'failed | group | ',
      'skipped | later | not today',
    ],
  });
  expect(readTap(text)?.cases.filter(({ durationMs }) => durationMs > 0)).toMatchObject([
    { name: ['test 4'], durationMs: 12.5, stack: 'at a.js:3' },
    { name: ['group', 'inner'], durationMs: 5 },
    { name: ['group'], durationMs: 10 },
  ]);
});

test('without a message the texts of the diagnostics are told', () => {
  const text =
    'not ok 1 - a\n  ---\n  name: AssertionError\n  message: ""\n  details:\n    difference: 41, not 42\n  at: a.js:3\n  ...\n1..1\n';
  expect(readTap(text)?.cases).toMatchObject([{ message: 'name: AssertionError\ndifference: 41, not 42', stack: 'a.js:3' }]);
});

test.each([
  ['the plan behind the tests', 'ok 1 - a\n1..1\n', true],
  ['no tests', '1..0\n', true],
  ['fewer tests than planned', '1..3\nok 1 - a\n', false],
  ['more tests than planned', '1..1\nok 1 - a\nok 2 - b\n', false],
  ['no plan', 'ok 1 - a\n', false],
  ['only a version', 'TAP version 13\n', false],
])('%s: complete is %s', (_, text, isComplete) => {
  expect(readTap(text)?.isComplete).toBe(isComplete);
});

test('a whole file may be skipped, or give up', () => {
  expect(shapeOf('1..0 # SKIP no database\n')?.cases).toEqual(['skipped | all tests | no database']);
  expect(shapeOf('1..2\nok 1 - a\nBail out! no disk\n')).toMatchObject({ isComplete: false, bailout: 'no disk' });
});

test('subtests of what is to do may fail, as it may itself', () => {
  const red = '# Subtest: p\n    ok 1 - a\n    not ok 2 - b\n    1..2\n';
  expect(shapeOf(`${red}not ok 1 - p # TODO later\n1..1\n`)?.cases).toEqual([
    'passed | p | a | ',
    'skipped | p | b | later',
    'skipped | p | later',
  ]);
  expect(shapeOf(`${red}ok 1 - p\n1..1\n`)?.cases).toContain('failed | p | b | ');
});

test('a file may give up before its first test point', () => {
  expect(shapeOf('Bail out! no disk\n')).toMatchObject({ cases: [], bailout: 'no disk' });
});

test.each([[null], [''], ['hello\n'], ['<testsuite/>']])('%j is none', (text) => {
  expect(readTap(text)).toBeNull();
});

test('a name with a separator of Unicode does not end the report', () => {
  const text = 'TAP version 13\nok 1 - line\u2028sep\nnot ok 2 - para\u2029graph\nok 3 - last\n1..3\n';
  expect(shapeOf(text)).toEqual({
    isComplete: true,
    bailout: null,
    cases: ['passed | line\u2028sep | ', 'failed | para\u2029graph | ', 'passed | last | '],
  });
});
