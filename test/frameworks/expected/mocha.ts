import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/mocha`, file by file. */
export const MOCHA: readonly Expected[] = [
  row('test/ok.spec.js', 0, 'passed', [
    'passed the set-up of the configuration ran',
    'passed fake timers',
    'passed a worker thread',
    'passed output on both streams',
    'skipped price > is skipped',
    'skipped price > knows every currency',
    'skipped price > is skipped while it runs',
    'passed price > in euros > formats 0 as 0.00',
    'passed price > in euros > formats 5 as 0.05',
    'passed price > in euros > formats 1234 as 12.34',
  ]),
  row('test/sub/modules.spec.mjs', 0, 'passed', ['passed an ECMAScript module']),
  row('test/fail.spec.js', 1, 'failed', [
    'passed is green at the third go',
    'passed outer > is green',
    'failed outer > inner > is red',
  ]),
  row('test/no-tests.spec.js', 0, 'noTests', []),
  row('test/all-skipped.spec.js', 0, 'passed', ['skipped later > one', 'skipped later > two']),
  row('test/exit-zero.spec.js', 0, 'crashed', ['passed before']),
  row('test/syntax-error.spec.js', 1, 'failed', ['failed test/syntax-error.spec.js']),
  row('test/missing-import.spec.js', 1, 'failed', ['failed test/missing-import.spec.js']),
  row('test/nope.spec.js', 0, 'failed', ['failed test/nope.spec.js']),
  row('test/duplicate-titles.spec.js', 1, 'failed', ['passed the same title', 'failed the same title']),
  row('test/hook-fails.spec.js', 1, 'failed', [
    'passed beside it',
    'failed with a hook that fails > "before all" hook for "one"',
  ]),
  row('test/after-hook-fails.spec.js', 1, 'failed', ['passed green', 'failed "after all" hook for "green"']),
  row('test/unhandled.spec.js', 1, 'failed', ['passed leaves an error behind', 'failed leaves an error behind']),
  row('test/sigkill.spec.js', 'SIGKILL', 'crashed', ['passed before']),
];
