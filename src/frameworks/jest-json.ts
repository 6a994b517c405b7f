import { z } from 'zod';
import type { CaseStatus, TestCase } from '../core/model/cases.js';
import type { Evidence, Reading } from './framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from './judge.js';
import { namePattern } from './name-pattern.js';
import { ofThisFile } from './of-this-file.js';

const assertion = z.object({
  ancestorTitles: z.array(z.string()),
  title: z.string(),
  status: z.string(),
  duration: z.number().nullish(),
  failureMessages: z.array(z.string()).nullish(),
  /** jest only: how often the case ran. */
  invocations: z.number().nullish(),
});
const fileResult = z.object({
  name: z.string(),
  /** jest only: the name of the project in which the file ran. */
  project: z.string().nullish(),
  status: z.string(),
  message: z.string().nullish(),
  assertionResults: z.array(assertion),
});
const report = z.object({ testResults: z.array(fileResult) });
type Assertion = z.infer<typeof assertion>;
/** What became of a file. `message`: of the file as a whole. */
export type FileResult = z.infer<typeof fileResult>;

/** The differences between the two frameworks that write this report. */
export type Dialect = {
  readonly framework: string;
  /** The status of a case that did not end, or has no status of its own. Any status other than this, passed or failed means skipped. */
  readonly unfinished: string | null;
  /** Matches the message for a file without tests. */
  readonly noTests: RegExp;
  /** Whether a passed case carries the failure messages of its earlier tries. */
  readonly retriesLeaveMessages: boolean;
  /** Whether its name pattern is case-sensitive. */
  readonly heedsCapitals: boolean;
};

/** Reads the JSON report that jest defines and vitest also writes. */
export function readJestJson(evidence: Evidence, dialect: Dialect): Reading {
  const results = parse(evidence.reportText);
  return results === null ? judgeWithoutReport(dialect.framework, evidence) : judgeResults(evidence, results, dialect);
}

/** Judges a complete report. Only results of the requested file count. */
export function judgeResults(evidence: Evidence, results: readonly FileResult[], dialect: Dialect): Reading {
  const ours = ofThisFile(evidence, results);
  if (ours.length === 0)
    return { kind: 'failed', cases: [fileCase(evidence, `${dialect.framework} found no test file of this name.`)] };

  const all = ours.flatMap(({ assertionResults }) => assertionResults);
  const isAsked = isAskedFor(evidence, dialect);
  const assertions = all.filter(isAsked);
  const stray = all.find((one) => hasRun(one) && !isAsked(one));
  if (stray !== undefined) {
    const reason = `${dialect.framework} ran ${JSON.stringify([...stray.ancestorTitles, stray.title].join(' '))}, which this part of the file leaves out.`;
    return { kind: 'crashed', cases: [], reason };
  }
  const ended = assertions.filter(({ status }) => status !== dialect.unfinished);
  const isCutShort = ended.length < assertions.length && evidence.exitCode !== 0 && !ended.some(isFailed);
  // Without a status in a run that came to its end: vitest has none for a case in a group that is skipped, in another one that is.
  const cases = (isCutShort ? ended : assertions).map((result) => toCase(result, dialect));
  const failedWhole = ours.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed));
  if (all.length === 0 && failedWhole.some(({ message }) => dialect.noTests.test(message ?? ''))) {
    return { kind: 'noTests', cases, isError: true };
  }
  if (failedWhole.length > 0) {
    const whole = failedWhole.map(({ message }) => fileCase(evidence, message || 'A hook failed; the output says why.'));
    return { kind: 'failed', cases: [...cases, ...whole] };
  }
  if (isCutShort) return judgeWithoutReport(dialect.framework, evidence, cases);
  // Another file in the same run may have caused the red exit code.
  const othersFailed = results.some((result) => result.status === 'failed' && !ours.includes(result));
  const reading = judgeReport(dialect.framework, othersFailed ? { ...evidence, exitCode: 0 } : evidence, cases);
  return evidence.selection ? { ...reading, left: all.length - assertions.length } : reading;
}

function parse(text: string | null): readonly FileResult[] | null {
  try {
    return report.parse(JSON.parse(text ?? '')).testResults;
  } catch {
    return null; // Truncated or empty: the same as no report.
  }
}

/** The report also contains cases that were not requested, as skipped. */
function isAskedFor({ selection }: Evidence, { heedsCapitals }: Dialect): (assertion: Assertion) => boolean {
  if (selection === undefined) return () => true;
  const pattern = new RegExp(namePattern(selection), heedsCapitals ? '' : 'i');
  return ({ ancestorTitles, title }) => pattern.test([...ancestorTitles, title].join(' '));
}

const hasRun = ({ status }: Assertion) => status === 'passed' || status === 'failed';
const isFailed = ({ status }: Assertion) => status === 'failed';

const STATUSES: Readonly<Record<string, CaseStatus>> = { passed: 'passed', failed: 'failed' };

/** A case as the report has it, whole. */
export function toCase(
  { ancestorTitles, title, status, duration, failureMessages, invocations }: Assertion,
  dialect: Dialect,
): TestCase {
  const failure = status === 'failed' ? failureMessages?.[0] : undefined;
  const retries = invocations
    ? invocations - 1
    : dialect.retriesLeaveMessages && status === 'passed'
      ? failureMessages?.length
      : 0;
  return {
    name: [...ancestorTitles, title],
    status: STATUSES[status] ?? 'skipped',
    durationMs: duration ?? 0,
    message: failure === undefined ? (status === 'todo' ? 'todo' : null) : caseText(messageOf(failure)),
    ...(failure === undefined ? {} : { stack: caseText(failure) }),
    ...(retries ? { retries } : {}),
  };
}

/** The text before the stack trace. */
function messageOf(failure: string): string {
  const lines = failure.split('\n');
  const stackStart = lines.findIndex((line) => /^\s+at .*\S:\d+:\d+\)?$/.test(line));
  return stackStart > 0 ? lines.slice(0, stackStart).join('\n') : failure;
}
