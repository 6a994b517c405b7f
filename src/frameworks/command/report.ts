import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { readGoTest } from '../go-test-json.js';
import { fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readJunit } from '../junit-xml.js';
import { readServed } from '../served-report.js';
import { readTap } from '../tap.js';
import { isSelected } from './select.js';

/** The exit code of a test that cannot run here, as in automake and ctest. */
const SKIPPED = 77;
const NAME = 'The command';

/** Judges a command by its exit code and, if it writes one, its report. */
export function readCommand(evidence: Evidence): Reading {
  if (evidence.exitCode !== SKIPPED) return withoutOthers(evidence, readByReport(evidence));
  const reading = readByReport({ ...evidence, exitCode: 0 });
  const hasCases = reading.cases.length > 0 && !isFileCase(evidence, reading);
  return { kind: 'passed', cases: hasCases ? reading.cases : [skippedFile(evidence)] };
}

function readByReport(evidence: Evidence): Reading {
  const { reportText, spec } = evidence;
  const served = readServed(reportText);
  if (served !== null) return served.length > 0 ? judgeReport(NAME, evidence, served) : readExitCode(evidence);
  switch (spec.report?.kind) {
    case undefined:
      return readExitCode(evidence);
    case 'junit': {
      const cases = readJunit(reportText);
      return cases === null ? withoutReport(evidence, []) : judgeReport(NAME, evidence, cases);
    }
    case 'tap': {
      const report = readTap(reportText);
      if (report === null) return withoutReport(evidence, []);
      if (report.bailout !== null) return { kind: 'crashed', cases: report.cases, reason: `It bailed out: ${report.bailout}` };
      const isRed = report.cases.some(({ status }) => status === 'failed');
      return report.isComplete || isRed ? judgeReport(NAME, evidence, report.cases) : withoutReport(evidence, report.cases);
    }
    case 'go-test-json': {
      const reading = readGoTest(evidence);
      return reading.kind === 'crashed' && reading.cases.length === 0 ? withoutReport(evidence, []) : reading;
    }
  }
}

/** Judges an expected report that is missing or incomplete: a red exit code counts as it is, a green one does not. */
function withoutReport(evidence: Evidence, cases: readonly TestCase[]): Reading {
  const ended = readExitCode(evidence);
  if (ended.kind === 'passed' || cases.length > 0) return judgeWithoutReport(NAME, evidence, cases);
  return ended;
}

function readExitCode(evidence: Evidence): Reading {
  const ended = judgeReport(NAME, evidence, []);
  if (ended.kind === 'crashed') return ended;
  const { exitCode } = evidence;
  if (exitCode !== 0) return { kind: 'failed', cases: [fileCase(evidence, `${NAME} exited with ${exitCode}.`)] };
  return { kind: 'passed', cases: [{ ...fileCase(evidence, ''), status: 'passed', message: null }] };
}

/**
 * Removes cases that the report lists as skipped because they were not selected. If an unselected case passed, `select` does not work:
 * cases would run in several parts of the file, or in none.
 */
function withoutOthers(evidence: Evidence, reading: Reading): Reading {
  const { selection, spec } = evidence;
  if (selection === undefined || isFileCase(evidence, reading)) return reading;
  const isOther = ({ name }: TestCase) => !isSelected(spec, selection, name);
  const stranger = reading.cases.find((testCase) => testCase.status === 'passed' && isOther(testCase));
  if (stranger) {
    const reason = `${NAME} ran ${stranger.name.join(' › ')}, which was not selected: \`select\` does not select.`;
    return { kind: 'crashed', cases: reading.cases, reason };
  }
  const cases = reading.cases.filter((testCase) => testCase.status !== 'skipped' || !isOther(testCase));
  return reading.kind === 'passed' && cases.length === 0 ? { kind: 'noTests', cases, isError: false } : { ...reading, cases };
}

/** Whether the only case is the one that stands for the file. */
const isFileCase = ({ file }: Evidence, { cases }: Reading) =>
  cases.length === 1 && cases[0]?.name.length === 1 && cases[0].name[0] === file;

const skippedFile = (evidence: Evidence): TestCase => ({
  ...fileCase(evidence, `${NAME} exited with ${SKIPPED}: skipped.`),
  status: 'skipped',
});
