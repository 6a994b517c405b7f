import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { type JunitName, readJunit } from '../junit-xml.js';

/** Exit codes of pytest that say more than the report. */
const INTERRUPTED = 2;
const INTERNAL_ERROR = 3;
const USAGE_ERROR = 4;
const NO_TESTS = 5;

/**
 * Judges a pytest run of one file by its JUnit report and exit code. A test that fails along with its teardown is one failed case; xfailed
 * tests are skipped, as in pytest's report. A file that skips itself is one skipped case.
 */
export function readPytest(evidence: Evidence): Reading {
  const { exitCode, file, reportText } = evidence;
  const cases = readJunit(reportText, (name) => pathOf(name, file))?.map(withoutPhrases);
  if (cases === undefined) return judgeWithoutReport('pytest', evidence);
  const isRed = cases.some(({ status }) => status === 'failed');
  if (exitCode === INTERNAL_ERROR) return { kind: 'crashed', cases, reason: 'pytest itself failed; the output says why.' };
  if (exitCode === INTERRUPTED && cases.length === 0)
    return {
      kind: 'failed',
      cases: [fileCase(evidence, 'pytest was interrupted before the first test; the output says by what.')],
    };
  if (exitCode === USAGE_ERROR && !isRed) {
    return {
      kind: 'failed',
      cases: [...cases, fileCase(evidence, 'pytest could not use this file or its options; the output says why.')],
    };
  }
  return judgeReport('pytest', exitCode === NO_TESTS ? { ...evidence, exitCode: 0 } : evidence, cases);
}

/**
 * The classes and function of a case. pytest joins module and classes with dots: `tests.test_a.TestB` and `test_c`; the prefix of the
 * module depends on pytest's root folder. An error of the whole file is named after the file.
 */
function pathOf({ classname, name }: JunitName, file: string): readonly string[] {
  if (classname === '') return [file];
  const address = file.includes('::') ? file.replaceAll('::', '.') : file.replace(/\.py$/, '');
  const parts = address.split('/');
  const dotted = `.${classname}.`;
  for (let length = parts.length; length > 0; length--) {
    const module = `.${parts.slice(-length).join('.')}.`;
    const at = dotted.indexOf(module);
    if (at < 0) continue;
    const classes = dotted
      .slice(at + module.length)
      .split('.')
      .filter((part) => part !== '');
    return [...classes, name];
  }
  return [classname, name];
}

/** Replaces the phrase "collection failure" with the actual error, and removes the headings of captured output. */
function withoutPhrases({ output, ...testCase }: TestCase): TestCase {
  const captured = caseText((output ?? '').replace(/^-+ Captured (Log|Out|Err) -+$/gm, ''));
  return {
    ...testCase,
    message: testCase.message === 'collection failure' ? errorLines(testCase.stack ?? testCase.message) : testCase.message,
    ...(captured === '' || testCase.status === 'passed' ? {} : { output: captured }),
  };
}

/** The lines of a traceback that pytest marks as the error. */
function errorLines(traceback: string): string {
  const lines = traceback.split('\n').filter((line) => /^E\s/.test(line));
  return lines.length === 0 ? traceback : lines.map((line) => line.replace(/^E {1,3}/, '')).join('\n');
}
