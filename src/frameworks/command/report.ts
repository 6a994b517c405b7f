import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { readGoTest } from '../go-test-json.js';
import { fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readJunit } from '../junit-xml.js';
import { readServed } from '../served-report.js';
import { readTap } from '../tap.js';
import { isSelected } from './select.js';

/** The exit code by which a test says that it cannot be run here, as automake and ctest know it. */
const SKIPPED = 77;
const NAME = 'The command';

/** Judges a command by its exit code, and by its report where it writes one. */
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

/** A report was wanted and is not complete: an exit code that is red says what it is, a green one is not believed. */
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
 * Of a selection: without the cases that a report has as skipped because they were not selected. One that passed all the same means that `select`
 * does not do what it should: its cases would run in several parts, or in none.
 */
function withoutOthers(evidence: Evidence, reading: Reading): Reading {
  const { selection, spec } = evidence;
  if (selection === undefined || isFileCase(evidence, reading)) return reading;
  const isOther = ({ name }: TestCase) => !isSelected(spec, selection, name);
  const stranger = reading.cases.find((one) => one.status === 'passed' && isOther(one));
  if (stranger) {
    const reason = `${NAME} ran ${stranger.name.join(' › ')}, which was not selected: \`select\` does not select.`;
    return { kind: 'crashed', cases: reading.cases, reason };
  }
  const cases = reading.cases.filter((one) => one.status !== 'skipped' || !isOther(one));
  return reading.kind === 'passed' && cases.length === 0 ? { kind: 'noTests', cases, isError: false } : { ...reading, cases };
}

/** Has it no cases but the one that stands for the file? */
const isFileCase = ({ file }: Evidence, { cases }: Reading) =>
  cases.length === 1 && cases[0]?.name.length === 1 && cases[0].name[0] === file;

const skippedFile = (evidence: Evidence): TestCase => ({
  ...fileCase(evidence, `${NAME} exited with ${SKIPPED}: skipped.`),
  status: 'skipped',
});
