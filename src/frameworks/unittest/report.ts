import { z } from 'zod';
import type { CaseStatus, TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, judgeWithoutReport } from '../judge.js';
import { judgePython } from '../python.js';
import { readLines } from '../report-lines.js';

const OUTCOMES = ['passed', 'failed', 'error', 'skipped', 'expectedFailure', 'unexpectedSuccess'] as const;
const ended = z.object({
  /** Class, method and, for a failed subtest, its description; empty for the file as a whole. */
  case: z.array(z.string()),
  outcome: z.enum(OUTCOMES),
  durationMs: z.number(),
  message: z.string().nullable().default(null),
  stack: z.string().nullable().default(null),
  /** Line of the test file where it failed; null if it failed elsewhere. */
  line: z.number().nullable().default(null),
});
const runLine = z.union([ended, z.object({ begins: z.array(z.string()) }), z.object({ left: z.number() })]);
const listing = z.object({
  files: z.array(z.string()),
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
});

const STATUSES: Readonly<Record<(typeof OUTCOMES)[number], CaseStatus>> = {
  passed: 'passed',
  failed: 'failed',
  error: 'failed',
  skipped: 'skipped',
  expectedFailure: 'skipped', // As in pytest.
  unexpectedSuccess: 'failed',
};

/** Reads a listing by `holdfast_unittest.py`. If incomplete, the reason names the package that it failed on. */
export function readListing(
  text: string,
): { readonly kind: 'complete'; readonly files: readonly string[] } | { readonly kind: 'incomplete'; readonly reason: string } {
  const { files, problems } = listing.parse(JSON.parse(text));
  const outside = files.find((file) => file.startsWith('../'));
  const reasons = [
    ...problems.map(({ file, message }) => `${file} cannot be loaded, so the tests of its package are not known:\n${message}`),
    ...(outside === undefined ? [] : [`${outside} is outside of the suite's folder.`]),
  ];
  return reasons.length === 0 ? { kind: 'complete', files } : { kind: 'incomplete', reason: reasons.join('\n') };
}

/**
 * Judges a run of one file. Each test is a case, as is each failed subtest (instead of its test) and each class or module fixture that
 * failed or skipped its tests. A test that fails along with its tearDown is two failed cases, as unittest counts.
 */
export function readUnittest(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, runLine);
  const cases = lines.flatMap((line) => ('case' in line ? [caseOf(line, evidence)] : []));
  const end = lines.find((line) => 'left' in line);
  if (end === undefined) return inTheMiddle(evidence, cases, lines.at(-1));
  const reading = judgePython('unittest', evidence, cases);
  return evidence.selection === undefined ? reading : { ...reading, left: end.left };
}

function inTheMiddle(evidence: Evidence, cases: readonly TestCase[], last: z.infer<typeof runLine> | undefined): Reading {
  const reading = judgeWithoutReport('unittest', evidence, cases);
  const name = last !== undefined && 'begins' in last ? last.begins.join('.') : '';
  return reading.kind !== 'crashed' || name === ''
    ? reading
    : { ...reading, reason: `${reading.reason} It was running ${name}.` };
}

function caseOf({ case: name, outcome, durationMs, ...red }: z.infer<typeof ended>, evidence: Evidence): TestCase {
  const words = red.message ?? PHRASES[outcome] ?? null;
  const at = red.line === null ? '' : `${evidence.file}:${red.line}: ${words?.split(':')[0] ?? outcome}\n`;
  return {
    name: name.length === 0 ? [evidence.file] : name,
    status: STATUSES[outcome],
    durationMs,
    message: words === null ? null : caseText(outcome === 'expectedFailure' ? `expected failure: ${words}` : words),
    ...(red.stack !== null && { stack: caseText(at + red.stack) }),
  };
}

/** Messages for outcomes without one. */
const PHRASES: Partial<Record<(typeof OUTCOMES)[number], string>> = {
  unexpectedSuccess: 'unexpected success: the test is marked as an expected failure, and passed',
};
