import type { TestCase } from '../core/model/cases.js';
import { caseSelectingOf } from '../core/model/frameworks.js';
import { asksFor } from '../core/plan/split.js';
import type { Evidence, Framework, Reading } from './framework.js';

const SKIPPED = 'It was selected by its name, because it passed in an earlier run. Now it was skipped.';

/**
 * What a framework says of an attempt, held against the cases that were asked for: one that passed although the selection leaves it out has
 * run in two parts of its file, or none proves that the others ran. One that was asked for and skipped says so.
 */
export function readEvidence(framework: Framework, evidence: Evidence): Reading {
  const reading = framework.read(evidence);
  const { selection, spec } = evidence;
  const selecting = caseSelectingOf(spec);
  if (selection === undefined || selecting === null) return reading;
  const isAsked = ({ name }: TestCase) => asksFor(selection, name, selecting);
  const stray = reading.cases.find((one) => one.status === 'passed' && isAsked(one) === false);
  if (stray !== undefined && reading.kind === 'passed') {
    const reason = `${framework.name} ran ${JSON.stringify(stray.name.join(' '))}, which this part of the file leaves out.`;
    return { kind: 'crashed', cases: reading.cases, reason };
  }
  const isSkippedNow = (one: TestCase) => one.status === 'skipped' && one.message === null && isAsked(one) === true;
  const cases = reading.cases.map((one) => (selection.kind === 'only' && isSkippedNow(one) ? { ...one, message: SKIPPED } : one));
  return { ...reading, cases };
}
