import { type Expected, row } from '../../support/expected.js';

/** The source of a test class in `test/fixtures/junit`. */
export const sourceOf = (name: string) => `src/test/java/example/${name}.java`;

/** `test/fixtures/junit`, class by class. */
export const JUNIT: readonly Expected[] = [
  row(sourceOf('CalculatorTest'), 0, 'passed', [
    'passed adds()',
    'passed adds(int, int, int) > #1',
    'passed adds(int, int, int) > #2',
    'passed first()',
    'passed Inside > adds()',
    'passed Inside > Deeper > works()',
    'skipped later()',
    'passed made() > #1',
    'passed made() > #2',
    'skipped onlyElsewhere()',
    'passed second()',
  ]),
  row(sourceOf('FailsTest'), 1, 'failed', ['passed green()', 'failed Inside > breaks()', 'failed red()']),
  row(sourceOf('EmptyTest'), 0, 'noTests', []),
  row(sourceOf('DisabledTest'), 0, 'passed', ['skipped first()', 'skipped second()']),
  row(sourceOf('BeforeAllTest'), 1, 'failed', ['failed first()', 'failed second()']),
  row(sourceOf('KilledTest'), 'SIGKILL', 'crashed', []),
  row(sourceOf('ExitTest'), 0, 'crashed', []),
  row(sourceOf('HaltTest'), 3, 'crashed', []),
  row(sourceOf('NowhereTest'), 1, 'failed', [`failed ${sourceOf('NowhereTest')}`]),
];
