import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/pytest`, file by file. */
export const PYTEST: readonly Expected[] = [
  row('tests/test_ok.py', 0, 'passed', [
    'passed test_prints',
    'passed TestPrices > test_reads[1.50]',
    'passed TestPrices > test_reads[a/b]',
    'passed TestPrices > test_reads[[x]]',
    'passed TestPrices > test_reads[say "hi" & <go>]',
    'passed TestPrices > TestRounded > test_down',
    'skipped test_known_defect',
    'skipped test_later',
  ]),
  row('tests/test_fail.py', 1, 'failed', [
    'passed test_green',
    'failed test_red',
    'passed test_teardown',
    'failed test_teardown',
    'failed test_setup',
  ]),
  row('tests/test_no_tests.py', 5, 'noTests', []),
  row('tests/test_all_skipped.py', 0, 'passed', ['skipped test_first', 'skipped test_second']),
  row('tests/test_module_skips.py', 5, 'passed', ['skipped tests/test_module_skips.py']),
  row('tests/test_sigkill.py', 'SIGKILL', 'crashed', ['passed test_first']),
  row('tests/test_exit_zero.py', 0, 'crashed', ['passed test_first']),
  row('tests/test_syntax_error.py', 2, 'failed', ['failed tests/test_syntax_error.py']),
  row('tests/test_missing_import.py', 2, 'failed', ['failed tests/test_missing_import.py']),
  row('tests/test_nowhere.py', 4, 'failed', ['failed tests/test_nowhere.py']),
  row('tests/sub/test_below.py', 0, 'passed', ['passed test_below']),
];
