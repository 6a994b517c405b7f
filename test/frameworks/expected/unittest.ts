import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/unittest`, file by file; without `test_no_tests.py`, whose exit code follows the version of Python. */
export const UNITTEST: readonly Expected[] = [
  row('tests/test_ok.py', 0, 'passed', [
    'passed Asynchronous > test_waits',
    'skipped Later > setUpClass',
    'skipped Prices > test_known_defect',
    'skipped Prices > test_later',
    'skipped Prices > test_leaves_out_one',
    'passed Prices > test_prints',
    'passed Prices > test_reads',
    'passed tests.base.Shared > test_everywhere',
    'passed add',
  ]),
  row('tests/test_fail.py', 1, 'failed', [
    'passed Red > test_green',
    'failed Red > test_leaves',
    'failed Red > test_red',
    'failed Red > test_repaired',
    'failed Red > test_subtests > [number] (number=1)',
    'failed Red > test_subtests > [number] (number=3)',
    'failed RedSetup > setUpClass',
    'failed RedTeardown > test_both',
    'failed RedTeardown > test_both',
  ]),
  row('tests/test_module_setup_fails.py', 1, 'failed', ['failed setUpModule']),
  row('tests/test_all_skipped.py', 0, 'passed', ['skipped Skipped > test_one', 'skipped Skipped > test_two']),
  row('tests/test_module_skips.py', 0, 'passed', ['skipped tests/test_module_skips.py']),
  row('tests/test_sigkill.py', 'SIGKILL', 'crashed', ['passed Kill > test_before']),
  row('tests/test_exit_zero.py', 0, 'crashed', ['passed Leave > test_before']),
  row('tests/test_syntax_error.py', 1, 'failed', ['failed tests/test_syntax_error.py']),
  row('tests/test_missing_import.py', 1, 'failed', ['failed tests/test_missing_import.py']),
  row('tests/test_nowhere.py', 1, 'failed', ['failed tests/test_nowhere.py']),
  row('tests/base.py', 1, 'failed', ['failed tests/base.py']),
  row('tests/sub/test_below.py', 0, 'passed', ['passed Below > test_it']),
];
