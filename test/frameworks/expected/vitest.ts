import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/vitest`, file by file. */
export const VITEST: readonly Expected[] = [
  row('ok.test.ts', 0, 'passed', [
    'passed price > in euros > formats 0 as 0.00 EUR',
    'passed price > in euros > formats 5 as 0.05 EUR',
    'passed price > in euros > formats 1234 as 12.34 EUR',
    'passed price > matches its snapshot',
    'skipped price > is skipped',
    'skipped price > knows every currency',
    'passed fake timers',
    'passed a worker thread',
    'passed output on both streams',
  ]),
  row('sub/ok.test.ts', 0, 'passed', ['passed a file whose path ends like another']),
  row('sub/twin-ok.test.ts', 1, 'failed', ['failed red, in a file whose name ends like another']),
  row('fail.test.ts', 1, 'failed', [
    'passed outer > is green',
    'failed outer > inner > is red',
    'passed is green at the third go',
  ]),
  row('no-tests.test.ts', 1, 'noTests', []),
  row('empty-describe.test.ts', 1, 'noTests', []),
  row('all-skipped.test.ts', 0, 'passed', ['skipped later > one', 'skipped later > two']),
  row('exit-zero.test.ts', 1, 'failed', ['passed before', 'failed leaves']),
  row('syntax-error.test.ts', 1, 'failed', ['failed syntax-error.test.ts']),
  row('missing-import.test.ts', 1, 'failed', ['failed missing-import.test.ts']),
  row('nope.test.ts', 1, 'failed', ['failed nope.test.ts']),
  row('duplicate-titles.test.ts', 1, 'failed', ['passed the same title', 'failed the same title']),
  row('hook-fails.test.ts', 1, 'failed', [
    'skipped with a hook that fails > one',
    'skipped with a hook that fails > two',
    'passed beside it',
    'failed hook-fails.test.ts',
  ]),
  row('after-hook-fails.test.ts', 1, 'failed', ['passed green', 'failed after-hook-fails.test.ts']),
  row('unhandled.test.ts', 1, 'failed', ['passed leaves a rejection unhandled', 'failed unhandled.test.ts']),
  row('sigkill.test.ts', 1, 'crashed', []),
];
