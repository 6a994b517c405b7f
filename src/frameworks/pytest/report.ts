import { z } from 'zod';
import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeWithoutReport } from '../judge.js';
import { judgePython } from '../python.js';
import { readLines } from '../report-lines.js';

/** Exit codes of pytest that say more than the report. */
const INTERRUPTED = 2;
const INTERNAL_ERROR = 3;
export const USAGE_ERROR = 4;

/** Empty for the file as a whole. */
const name = z.array(z.string());
const text = z.string().default('');
const phaseEnded = z.object({
  phase: z.string().nullable(),
  name,
  outcome: z.string(),
  seconds: z.number().default(0),
  /** Why a failure was expected. */
  xfail: z.string().optional(),
  /** The description of a subtest. */
  subtest: z.string().optional(),
  message: text,
  stack: text,
  output: text,
});
type PhaseEnded = z.infer<typeof phaseEnded>;
const notCollected = z.object({ collected: name, outcome: z.enum(['failed', 'skipped']), message: text, stack: text });
/** A line of the report; see programs/holdfast_pytest_report.py. */
const reportLine = z.union([
  phaseEnded,
  notCollected,
  z.object({ begins: name }),
  z.object({ took: z.number() }),
  z.object({ interrupted: z.string() }),
  z.object({ end: z.number() }),
  z.object({ open: z.array(z.string()) }),
]);
type ReportLine = z.infer<typeof reportLine>;

/**
 * Judges a pytest run of one file by its report and exit code. The cases are those that pytest counts: a test whose teardown fails is a
 * case and a failed case, and so is each subtest that fails. Expected failures are skipped. A file that skips itself is one skipped case.
 */
export function readPytest(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, reportLine);
  const cases = casesOf(lines, evidence);
  const stayedOpen = lines.flatMap((line) => ('open' in line ? line.open : []));
  const took = lines.find((line) => 'took' in line)?.took;
  return {
    ...judge(evidence, lines, cases),
    ...(took !== undefined && { ownMs: milliseconds(took) }),
    ...(stayedOpen.length > 0 && { stayedOpen, leavesOpen: true }),
  };
}

function judge(evidence: Evidence, lines: readonly ReportLine[], cases: readonly TestCase[]): Reading {
  const { exitCode } = evidence;
  if (!lines.some((line) => 'end' in line)) return inTheMiddle(evidence, lines, cases);
  if (exitCode === INTERNAL_ERROR) return { kind: 'crashed', cases, reason: 'pytest itself failed; the output says why.' };
  const interruption = lines.find((line) => 'interrupted' in line);
  if (interruption) return { kind: 'crashed', cases, reason: `pytest was interrupted by ${interruption.interrupted}` };
  const isRed = cases.some(({ status }) => status === 'failed');
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
  return judgePython('pytest', evidence, cases);
}

function inTheMiddle(evidence: Evidence, lines: readonly ReportLine[], cases: readonly TestCase[]): Reading {
  const reading = judgeWithoutReport('pytest', evidence, cases);
  const last = lines.findLast((line) => 'begins' in line || 'phase' in line);
  if (reading.kind !== 'crashed' || last === undefined) return reading;
  const running = 'begins' in last ? last.begins : last.phase === 'teardown' ? [] : last.name;
  return running.length === 0 ? reading : { ...reading, reason: `${reading.reason} It was running ${running.join('.')}.` };
}

/** The cases in their order. The duration of a test is that of all its phases. */
function casesOf(lines: readonly ReportLine[], evidence: Evidence): TestCase[] {
  const cases: TestCase[] = [];
  let test = { seconds: 0, retries: 0, at: -1 };
  for (const line of lines) {
    if ('begins' in line) test = { seconds: 0, retries: 0, at: -1 };
    if ('collected' in line) cases.push(uncollected(line, evidence));
    if (!('phase' in line)) continue;
    if (line.subtest !== undefined) {
      cases.push({ ...caseOf(line), name: [...line.name, line.subtest] });
      continue;
    }
    test.seconds += line.seconds;
    if (line.outcome === 'rerun') test.retries += 1;
    else if (line.outcome !== 'passed' || line.phase === 'call') {
      if (test.at < 0) test.at = cases.length;
      cases.push({ ...caseOf(line), ...(test.retries > 0 && { retries: test.retries }) });
    }
    const first = cases[test.at];
    if (first) cases[test.at] = { ...first, durationMs: milliseconds(test.seconds) };
  }
  return cases;
}

function caseOf({ phase, name, outcome, seconds, xfail, message, stack, output }: PhaseEnded): TestCase {
  const isError = phase === 'setup' || phase === 'teardown';
  const about = outcome === 'failed' && isError ? `failed on ${phase} with "${message}"` : message;
  return {
    name,
    status: outcome === 'failed' || outcome === 'error' ? 'failed' : outcome === 'passed' ? 'passed' : 'skipped',
    durationMs: milliseconds(seconds),
    message: caseText(outcome === 'passed' ? '' : (xfail ?? about)) || null,
    ...filled('stack', outcome === 'skipped' ? '' : stack),
    ...filled('output', output),
  };
}

/** A file or class that pytest could not collect, or that skips itself. */
function uncollected({ collected, outcome, message, stack }: z.infer<typeof notCollected>, { file }: Evidence): TestCase {
  return {
    name: collected.length === 0 ? [file] : collected,
    status: outcome,
    durationMs: 0,
    message: caseText(outcome === 'failed' ? errorLines(stack || message) : message) || null,
    ...filled('stack', outcome === 'failed' ? stack : ''),
  };
}

const milliseconds = (seconds: number) => Math.round(seconds * 1e6) / 1e3;

function filled(key: 'stack' | 'output', value: string): Pick<TestCase, 'stack' | 'output'> {
  const clean = caseText(value);
  return clean === '' ? {} : { [key]: clean };
}

/** The lines of a traceback that pytest marks as the error. */
function errorLines(traceback: string): string {
  const lines = traceback.split('\n').filter((line) => /^E\s/.test(line));
  return lines.length === 0 ? traceback : lines.map((line) => line.replace(/^E {1,3}/, '')).join('\n');
}
