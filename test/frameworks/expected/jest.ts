import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/jest`, file by file. */
export const JEST: readonly Expected[] = [
  row('ok.test.js', 0, 'passed', [
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
  row('sub/ok.test.js', 0, 'passed', ['passed a file whose path ends like another']),
  row('fail.test.js', 1, 'failed', [
    'passed outer > is green',
    'failed outer > inner > is red',
    'passed is green at the third go',
  ]),
  row('no-tests.test.js', 1, 'noTests', []),
  row('all-skipped.test.js', 0, 'passed', ['skipped later > one', 'skipped later > two']),
  row('exit-zero.test.js', 0, 'crashed', ['passed before']),
  row('syntax-error.test.js', 1, 'failed', ['failed syntax-error.test.js']),
  row('missing-import.test.js', 1, 'failed', ['failed missing-import.test.js']),
  row('nope.test.js', 1, 'failed', ['failed nope.test.js']),
  row('duplicate-titles.test.js', 1, 'failed', ['passed the same title', 'failed the same title']),
  row('hook-fails.test.js', 1, 'failed', [
    'failed with a hook that fails > one',
    'failed with a hook that fails > two',
    'passed beside it',
  ]),
  row('after-hook-fails.test.js', 1, 'failed', ['passed green', 'failed after-hook-fails.test.js']),
  row('sigkill.test.js', 'SIGKILL', 'crashed', ['passed before']),
];
