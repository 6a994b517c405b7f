import { expect, test } from 'vitest';
import type { CaseStatus } from '../../src/core/model/cases.js';
import { type Account, accountOf, differences, inWords, type ReportedCase, sizeOf, steady } from './compare.js';

const reported = (text: string): ReportedCase => {
  const [status = '', file = '', ...name] = text.split(' ');
  return { status: status as CaseStatus, file: file === '-' ? null : file, name: name.join(' ') };
};
const account = (cases: readonly string[], more: Partial<Account> = {}): Account => {
  const all = cases.map(reported);
  return { isGreen: !all.some(({ status }) => status === 'failed'), isComplete: true, cases: all, flaky: [], ...more };
};
const wordsOf = (own: Account, ours: Account) => differences(own, ours).map(inWords);

test.each<[what: string, own: Account, ours: Account, words: readonly string[]]>([
  ['the same in another order', account(['passed a x', 'skipped b y']), account(['skipped b y', 'passed a x']), []],
  ['another status', account(['passed a x']), account(['skipped a x']), ['a "x" skipped, by itself passed']],
  [
    'red instead of green',
    account(['passed a x']),
    account(['failed a x']),
    ['the suite is red, by itself green', 'a "x" failed, by itself passed'],
  ],
  [
    'a case that is missing',
    account(['passed a x', 'passed a y']),
    account(['passed a x']),
    ['a "y" is missing (by itself passed)'],
  ],
  [
    'a whole file that is missing',
    account(['passed a x', 'passed b x']),
    account(['passed a x']),
    ['b "x" is missing (by itself passed)'],
  ],
  [
    'a case in another file',
    account(['passed a x']),
    account(['passed b x']),
    ['a "x" is missing (by itself passed)', 'b "x" is one too many (passed)'],
  ],
  [
    'one of three cases of one name',
    account(['passed a x', 'passed a x', 'failed a x']),
    account(['failed a x', 'passed a x']),
    ['a "x" is missing (by itself passed)'],
  ],
  ['a framework that names no files', account(['passed - x', 'passed - x']), account(['passed a x', 'passed b x']), []],
  [
    'the same, whose names have lost the spaces at their end',
    account(['passed - x > y']),
    { ...account([]), cases: [{ file: 'a', name: 'x  > y ', status: 'passed' }] },
    [],
  ],
  [
    'a framework that names files, and has the spaces',
    account(['passed a y']),
    { ...account([]), cases: [{ file: 'a', name: 'y ', status: 'passed' }] },
    ['a "y" is missing (by itself passed)', 'a "y " is one too many (passed)'],
  ],
  [
    'the same, with another status',
    account(['passed - x', 'passed - x']),
    account(['passed a x', 'skipped b x']),
    ['"x" skipped, by itself passed'],
  ],
  [
    'red without a red case: the exit code is a case of the file here',
    account(['passed a x'], { isGreen: false }),
    account(['passed a x', 'failed a']),
    [],
  ],
  [
    'red without a red case, green here',
    account(['passed a x'], { isGreen: false }),
    account(['passed a x']),
    ['the suite is green, by itself red'],
  ],
  [
    'a file that is red as a whole, green there',
    account(['passed a x']),
    account(['passed a x', 'failed a']),
    ['the suite is red, by itself green', 'a "" is one too many (failed)'],
  ],
  [
    'nobody who left in the middle is green',
    account([], { isComplete: false }),
    account(['passed a x']),
    ['the suite is green, by itself red'],
  ],
  ['whoever left in the middle named nothing that counts', account([], { isComplete: false }), account(['failed a x']), []],
  ['a name with NUL', account(['passed a x\0']), account(['passed a x\uFFFD']), []],
  ['a file without a case, which node counts as one', account(['passed -']), account([]), []],
  ['a flaky file', account(['passed a x']), account(['passed a x'], { flaky: ['a'] }), ['a is called flaky']],
])('%s', (_what, own, ours, words) => {
  expect(wordsOf(own, ours)).toEqual(words);
});

test('names that differ between two runs of the framework itself are compared with nobody', () => {
  const hold = steady(account(['passed a x', 'passed a at 12:01']), account(['passed a x', 'passed a at 12:02']));
  const own = hold(account(['passed a x', 'passed a at 12:01']));
  expect(wordsOf(own, hold(account(['passed a x', 'passed a at 13:07'])))).toEqual([]);
  expect(wordsOf(own, hold(account([])))).toEqual(['a "x" is missing (by itself passed)']);
});

const file = (path: string, verdict: string, outcome: string, cases: readonly [string[], CaseStatus][]) => {
  const attempt = { outcome, cases: cases.map(([name, status]) => ({ name, status, durationMs: 1, message: null })) };
  return { path, verdict, attempts: [attempt] } as unknown as Parameters<typeof accountOf>[0]['files'][number];
};

test('the account of a run has the cases of each file, and one for a file that is red without a red case', () => {
  const files = [
    file('a', 'passed', 'passed', [[['group', 'x'], 'passed']]),
    file('b', 'failed', 'failed', [[['b'], 'failed']]),
    file('c', 'failed', 'crashed', [[['y'], 'passed']]),
    file('d', 'flaky', 'passed', [[['z'], 'skipped']]),
    file('e', 'skipped', 'noTests', []),
  ];
  const run = accountOf({ run: { exitCode: 1 }, files }, ' > ');
  expect(run).toEqual({
    isGreen: false,
    isComplete: true,
    cases: ['passed a group > x', 'failed b', 'passed c y', 'failed c', 'skipped d z'].map(reported),
    flaky: ['d'],
  });
  expect(sizeOf(run)).toEqual({ files: 4, passed: 2, failed: 2, skipped: 1 });
});
