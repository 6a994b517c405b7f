import { expect, test } from 'vitest';
import { readGoJson, readJestJson, readMochaJson, readPytestLines } from './own.js';
import { readTap } from './own-tap.js';

const wordsOf = (cases: ReturnType<typeof readTap>) =>
  cases?.map(({ file, name, status }) => [status, file ?? '-', name].join(' ').trim()) ?? null;

test('mocha --reporter json', () => {
  const report = {
    passes: [{ fullTitle: 'g a', file: '/p/t/a.js' }],
    failures: [{ fullTitle: 'g "before each" hook for "b"', file: '/p/t/a.js' }],
    pending: [{ fullTitle: 'c' }],
  };
  expect(wordsOf(readMochaJson(JSON.stringify(report), '/p'))).toEqual([
    'passed t/a.js g a',
    'failed t/a.js g "before each" hook for "b"',
    'skipped - c',
  ]);
  expect(readMochaJson('', '/p')).toBeNull();
});

test('jest --json, vitest --reporter json: a red file without a red case is red as a whole', () => {
  const one = (title: string, status: string) => ({ ancestorTitles: ['g'], title, status });
  const testResults = [
    { name: '/p/a.js', status: 'failed', assertionResults: [one('x', 'failed'), one('y', 'todo'), one('z', 'passed')] },
    { name: '/p/b.js', status: 'failed', assertionResults: [] },
  ];
  expect(wordsOf(readJestJson(JSON.stringify({ testResults }), '/p'))).toEqual([
    'failed a.js g x',
    'skipped a.js g y',
    'passed a.js g z',
    'failed b.js',
  ]);
});

test('pytest -v', () => {
  const text = `test_a.py::test_x PASSED
test_a.py::A::test_y[a b-::] FAILED
test_a.py::test_t PASSED
test_a.py::test_t ERROR
sub/test_b.py::test_s SKIPPED (no: [x])
sub/test_b.py::test_f XFAIL (known)
sub/test_c.py SKIPPED (could not import 'x')
=========================== short test summary info ============================
ERROR test_d.py - NameError: name 'x' is not defined
SUBFAILED(number=1) test_a.py::A::test_y - AssertionError: 1...
==== 1 failed, 2 passed, 2 skipped, 1 xfailed, 2 errors in 0.04s ====
`;
  expect(wordsOf(readPytestLines(text, '/p'))).toEqual([
    'passed test_a.py test_x',
    'failed test_a.py A::test_y[a b-::]',
    'passed test_a.py test_t',
    'failed test_a.py test_t',
    'skipped sub/test_b.py test_s',
    'skipped sub/test_b.py test_f',
    'failed test_a.py A::test_y::(number=1)',
    'skipped sub/test_c.py',
    'failed test_d.py',
  ]);
  expect(readPytestLines('test_a.py::test_x PASSED\n', '/p')).toBeNull();
});

test('go test -json: packages by their folder in the module', () => {
  const events = [
    { Action: 'pass', Package: 'm.org/m', Test: 'TestA' },
    { Action: 'pass', Package: 'm.org/m' },
    { Action: 'skip', Package: 'm.org/m/sub', Test: 'TestB/c' },
    { Action: 'fail', Package: 'm.org/m/sub' },
    { Action: 'fail', Package: 'm.org/m/other', Test: 'TestInner' },
    { Action: 'pass', Package: 'm.org/m/other' },
  ];
  expect(wordsOf(readGoJson(events.map((event) => JSON.stringify(event)).join('\n'), '/m.org/m'))).toEqual([
    'passed . TestA',
    'skipped sub TestB/c',
    'failed sub',
    'skipped other TestInner',
  ]);
});

test('node --test-reporter tap: suites are no cases, a test with subtests is one', () => {
  const text = `TAP version 13
# Subtest: group
    # Subtest: x \\# 1
    ok 1 - x \\# 1
      ---
      duration_ms: 1
      ...
    # Subtest: y
        # Subtest: z
        not ok 1 - z # TODO
          ---
          duration_ms: 1
          failureType: 'testCodeFailure'
          ...
        1..1
    ok 2 - y
      ---
      duration_ms: 1
      ...
    1..2
ok 1 - group
  ---
  duration_ms: 1
  type: 'suite'
  ...
# Subtest: /p/b.test.js
not ok 2 - /p/b.test.js
  ---
  duration_ms: 1
  failureType: 'testCodeFailure'
  ...
1..2
# tests 4
`;
  expect(wordsOf(readTap(text))).toEqual(['passed - group > x # 1', 'skipped - group > y > z', 'passed - group > y', 'failed -']);
  expect(readTap(text.replace('# tests 4\n', ''))).toBeNull();
});
