import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/rspec`, file by file. */
export const RSPEC: readonly Expected[] = [
  row('spec/ok_spec.rb', 0, 'passed', [
    'passed prices > prints on both streams',
    'skipped prices > is known to be wrong',
    'skipped prices > comes later',
    'skipped prices > has no body',
    'passed prices > Array#sum > behaves like priced > costs 3',
    'passed prices > Array#sum > behaves like priced > is expected to be positive',
    'passed prices > Array#sum > when it is empty > is "nothing" & <zero>',
  ]),
  row('spec/fail_spec.rb', 1, 'failed', [
    'passed red > is green',
    'failed red > is red',
    'failed red > raises',
    'failed red > is no longer pending',
    'failed red > has two failures',
    'failed red > has a red hook',
  ]),
  row('spec/no_tests_spec.rb', 0, 'noTests', []),
  row('spec/all_skipped_spec.rb', 0, 'passed', ['skipped later > is left out', 'skipped later > has no body']),
  row('spec/sigkill_spec.rb', 'SIGKILL', 'crashed', ['passed a crash > is green before']),
  row('spec/exit_zero_spec.rb', 0, 'crashed', ['passed a script > is green before']),
  row('spec/syntax_error_spec.rb', 1, 'failed', ['failed spec/syntax_error_spec.rb']),
  row('spec/missing_require_spec.rb', 1, 'failed', ['failed spec/missing_require_spec.rb']),
  row('spec/nowhere_spec.rb', 1, 'failed', ['failed spec/nowhere_spec.rb']),
  row('spec/hook_fails_spec.rb', 1, 'failed', [
    'passed hooks > is green beside it',
    'failed hooks > before all > one',
    'failed hooks > before all > two',
  ]),
  row('spec/after_hook_fails_spec.rb', 1, 'failed', ['passed hooks > is green', 'failed spec/after_hook_fails_spec.rb']),
  row('spec/suite_hook_fails_spec.rb', 1, 'failed', ['failed spec/suite_hook_fails_spec.rb']),
  row('spec/duplicate_titles_spec.rb', 1, 'failed', [
    'passed twins > has the same title',
    'passed twins > has the same title',
    'failed twins > has the same title',
  ]),
  row('spec/fails_late_spec.rb', 3, 'failed', ['passed a run > is green', 'failed spec/fails_late_spec.rb']),
  row('spec/slow_spec.rb', 0, 'passed', ['passed slow > takes its time']),
  row('spec/sub/below_spec.rb', 0, 'passed', ['passed below > is found']),
];
