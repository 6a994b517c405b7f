import { type FinalResults, Parser, type Result } from 'tap-parser';
import type { TestCase } from '../core/model/cases.js';
import { caseText } from './judge.js';

/** A parsed report in the Test Anything Protocol. */
export type TapReport = {
  /** Every test point in report order, including parents of subtests. */
  readonly cases: readonly TestCase[];
  /** The plan is present and fulfilled, in subtests too. */
  readonly isComplete: boolean;
  /** The reason of a `Bail out!`; null if there was none. */
  readonly bailout: string | null;
};

/** Reads TAP 12, 13 and 14, ignoring other lines; null if the text contains no TAP. */
export function readTap(text: string | null): TapReport | null {
  if (text === null || !/^(TAP version \d+|1\.\.\d+.*|(not )?ok\b.*|\s*Bail out!.*)$/m.test(text)) return null;
  const cases: Draft[] = [];
  const state = { isComplete: false, bailout: null as string | null };
  const parser = new Parser();
  collect(parser, [], cases);
  parser.on('bailout', (reason: string) => {
    state.bailout = caseText(reason);
  });
  parser.on('complete', ({ plan, count, bailout, failures }: FinalResults) => {
    const hasPlan = plan.start !== null && plan.end !== null && /^1\.\.\d+/m.test(text);
    state.isComplete = hasPlan && !bailout && failures.every((failure) => !failure.tapError) && (plan.skipAll || count > 0);
    if (plan.skipAll && hasPlan && plan.comment !== '') cases.push(wholeSkipped(plan.comment));
  });
  parser.end(hideSeparators(text));
  return {
    ...state,
    cases: cases.map(({ comments, ...testCase }) => {
      const { name, message, ...rest } = withMessage(testCase, comments);
      return { ...rest, name: name.map(showSeparators), message: message && showSeparators(message) };
    }),
  };
}

/** The separators of lines and paragraphs of Unicode, at which tap-parser gives up in the middle of a line; and what stands for them. */
const SEPARATORS = { '\u2028': '\uE028', '\u2029': '\uE029' } as const;
export const hideSeparators = (text: string) =>
  text.replaceAll('\u2028', SEPARATORS['\u2028']).replaceAll('\u2029', SEPARATORS['\u2029']);
export const showSeparators = (text: string) =>
  text.replaceAll(SEPARATORS['\u2028'], '\u2028').replaceAll(SEPARATORS['\u2029'], '\u2029');

/** A case and the comments that follow it. */
type Draft = TestCase & { readonly comments: string[] };

function collect(parser: Parser, groups: readonly string[], cases: Draft[]): void {
  let last: Draft | undefined;
  let children = Number.POSITIVE_INFINITY;
  parser.on('assert', (result: Result) => {
    last = draftOf(result, groups);
    if (last.status === 'skipped') excuse(cases, children, last.message);
    children = Number.POSITIVE_INFINITY;
    cases.push(last);
  });
  parser.on('comment', (comment: string) => {
    if (!/^# (Subtest: |time=)/.test(comment)) last?.comments.push(comment.replace(/^# ?/, '').trimEnd());
  });
  parser.on('child', (child: Parser) => {
    last = undefined;
    children = cases.length;
    collect(child, [...groups, child.name], cases);
  });
}

/** Red subtests of a test point that is skipped or to do, from an index on, count no more than it does. */
function excuse(cases: Draft[], from: number, message: string | null): void {
  for (let at = from; at < cases.length; at += 1) {
    const draft = cases[at];
    if (draft?.status === 'failed') cases[at] = { ...draft, status: 'skipped', message };
  }
}

function draftOf({ ok, name, id, skip, todo, time, diag, tapError }: Result, groups: readonly string[]): Draft {
  const isSkipped = skip !== false || todo !== false; // A todo test may fail.
  const reason = [skip, todo].find((mark) => typeof mark === 'string') ?? null;
  const { message, stack } = diagnosticsOf(diag);
  const problem = message || tapError;
  return {
    name: [...groups, name === '' ? `test ${id}` : name],
    status: isSkipped ? 'skipped' : ok ? 'passed' : 'failed',
    durationMs: time ?? 0,
    message: isSkipped ? reason : ok || !problem ? null : caseText(problem),
    ...(stack !== '' && !ok && { stack: caseText(stack) }),
    comments: [],
  };
}

/** Reads a test point's YAML block: its message, or else all its texts, and the location of the failure. */
function diagnosticsOf(diag: unknown): { readonly message: string; readonly stack: string } {
  const texts = textsOf(diag);
  const textAt = (...keys: readonly string[]) => texts.find(([key, text]) => keys.includes(key) && text !== '')?.[1] ?? '';
  const others = texts.filter(([key, text]) => !['at', 'stack'].includes(key) && text !== '');
  return { message: textAt('message') || others.map((entry) => entry.join(': ')).join('\n'), stack: textAt('stack', 'at') };
}

/** All string values with their keys, including nested ones. */
function textsOf(value: unknown): readonly (readonly [key: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'string' ? [[key, inner] as const] : textsOf(inner)));
}

/** `1..0 # skip no database` */
function wholeSkipped(comment: string): Draft {
  const message = comment.replace(/^skip\S*\s*/i, '');
  return { name: ['all tests'], status: 'skipped', durationMs: 0, message: message === '' ? null : message, comments: [] };
}

/** Many writers explain a failure in comments instead of diagnostics. */
function withMessage(testCase: TestCase, comments: readonly string[]): TestCase {
  const text = caseText(comments.join('\n'));
  return testCase.status === 'failed' && testCase.message === null && text !== '' ? { ...testCase, message: text } : testCase;
}
