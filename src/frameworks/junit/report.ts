import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readJunit } from '../junit-xml.js';

/** The console's exit code, -1, if it could not run. */
const COULD_NOT_RUN = 255;
/** Written by the console into the output of each case. */
const UNIQUE_ID = /^unique-id: (.*)$/m;
/** The prefix of the reason of a case that an assumption aborted. */
const ABORTED = /^[\w.]*(?:AssumptionViolatedException|TestAbortedException): (?:Assumption failed: )?/;

/** The class whose cases count, of several that ran: see OwnClass.java. */
const OWN = /^<testsuites own="([^"]+)">/;

/** Judges the run of one test class. */
export function readJunitRun(evidence: Evidence): Reading {
  const found = readJunit(evidence.reportText);
  if (found === null && evidence.exitCode !== COULD_NOT_RUN) return judgeWithoutReport('JUnit', evidence);
  const own = OWN.exec(evidence.reportText ?? '')?.[1];
  const counting = (found ?? []).filter(({ output }) => own === undefined || idOf(output)?.[1] === own);
  const cases = counting.map(toCase).sort(byName);
  if (cases.length > 0 || evidence.signal !== null || (evidence.exitCode ?? 0) === 0)
    return judgeReport('JUnit', evidence, cases);
  // 2 means no tests, with `--fail-if-no-tests`.
  if (evidence.exitCode === 2) return { kind: 'noTests', cases, isError: true };
  return { kind: 'failed', cases: [fileCase(evidence, 'JUnit could not run the class; the output says why.')] };
}

/** The console writes cases in no particular order. */
const { compare } = new Intl.Collator('en', { numeric: true });
const byName = (one: TestCase, other: TestCase) => compare(one.name.join(' '), other.name.join(' '));

/** Names a case by its unique id, since display names may be ambiguous or change from run to run. */
function toCase({ output, name, message, ...rest }: TestCase): TestCase {
  const id = idOf(output);
  const [reason = ''] = message?.split('\n') ?? [];
  return {
    ...rest,
    name: id === undefined ? name : nameOf(id),
    message: rest.status === 'skipped' && message !== null ? caseText(reason.replace(ABORTED, '')) : message,
  };
}

/** `[engine:junit-jupiter]/[class:x.FooTest]/[nested-class:Inner]/[method:adds(int)]` is named `Inner`, `adds(int)`. */
const nameOf = (values: readonly string[]) => (values.length > 2 ? values.slice(2) : values);

/** The values of the unique id in the output of a case: of its engine, its class and what is in that. */
function idOf(output = ''): readonly string[] | undefined {
  const id = UNIQUE_ID.exec(output)?.[1];
  return id === undefined
    ? undefined
    : [...id.matchAll(/\[[^:\]]+:([^\]]*)\]/g)].map(([, value = '']) => decodeURIComponent(value));
}
