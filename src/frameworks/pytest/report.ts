import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { type JunitName, readJunit } from '../junit-xml.js';

/** pytest's own exit codes, where they say more than the report. */
const INTERNAL_ERROR = 3;
const USAGE_ERROR = 4;
const NO_TESTS = 5;

/**
 * Judges a run of pytest over one file by its JUnit report and its exit code. A test whose teardown fails too is one failed case;
 * xfailed ones are skipped, as pytest's report has it. A file that skips itself as a whole is one skipped case.
 */
export function readPytest(evidence: Evidence): Reading {
  const { exitCode, file, reportText } = evidence;
  const cases = readJunit(reportText, (name) => pathOf(name, file))?.map(withoutPhrases);
  if (cases === undefined) return judgeWithoutReport('pytest', evidence);
  const isRed = cases.some(({ status }) => status === 'failed');
  if (exitCode === INTERNAL_ERROR) return { kind: 'crashed', cases, reason: 'pytest itself failed; the output says why.' };
  if (exitCode === USAGE_ERROR && !isRed) {
    return {
      kind: 'failed',
      cases: [...cases, fileCase(evidence, 'pytest could not use this file or its options; the output says why.')],
    };
  }
  return judgeReport('pytest', exitCode === NO_TESTS ? { ...evidence, exitCode: 0 } : evidence, cases);
}

/**
 * Classes and function. pytest writes them behind the module, all joined by dots: `tests.test_a.TestB` and `test_c`; what comes before
 * the file depends on its root folder. An error of the file as a whole has the file's name.
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

/** Phrases that say nothing give way to what they stand for, and headings around captured output are left out. */
function withoutPhrases({ output, ...one }: TestCase): TestCase {
  const captured = caseText((output ?? '').replace(/^-+ Captured (Log|Out|Err) -+$/gm, ''));
  return {
    ...one,
    message: one.message === 'collection failure' ? errorLines(one.stack ?? one.message) : one.message,
    ...(captured === '' || one.status === 'passed' ? {} : { output: captured }),
  };
}

/** The lines of a traceback that pytest marks as the error itself. */
function errorLines(traceback: string): string {
  const lines = traceback.split('\n').filter((line) => /^E\s/.test(line));
  return lines.length === 0 ? traceback : lines.map((line) => line.replace(/^E {1,3}/, '')).join('\n');
}
