import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/playwright`, file by file. */
export const PLAYWRIGHT: readonly Expected[] = [
  row('tests/ok.spec.ts', 0, 'passed', [
    'passed outer > is green',
    'passed outer > is red as it should be',
    'skipped outer > is skipped',
    'skipped outer > is not done',
    'passed outer > inner > is green too',
  ]),
  row('tests/fail.spec.ts', 1, 'failed', [
    'passed is green at the third go',
    'failed is green against its word',
    'passed outer > is green',
    'failed outer > is red',
  ]),
  row('tests/no-tests.spec.ts', 1, 'noTests', []),
  row('tests/all-skipped.spec.ts', 0, 'passed', ['skipped one', 'skipped two']),
  row('tests/exit-zero.spec.ts', 1, 'failed', ['failed leaves']),
  row('tests/sigkill.spec.ts', 1, 'failed', ['failed is killed']),
  row('tests/syntax-error.spec.ts', 1, 'failed', ['failed tests/syntax-error.spec.ts']),
  row('tests/missing-import.spec.ts', 1, 'failed', ['failed tests/missing-import.spec.ts']),
  row('tests/duplicate-titles.spec.ts', 1, 'failed', ['failed tests/duplicate-titles.spec.ts']),
  row('tests/hook-fails.spec.ts', 1, 'failed', ['passed beside it', 'failed group > one', 'skipped group > two']),
  row('tests/after-hook-fails.spec.ts', 1, 'failed', ['failed one']),
  row('tests/unhandled.spec.ts', 1, 'failed', ['failed leaves a rejection behind']),
  row('tests/sub/ok.spec.ts', 0, 'passed', ['passed below']),
  row('tests/nope.spec.ts', 1, 'noTests', []),
];
