import { type FinalResults, Parser, type Result } from 'tap-parser';
import type { TestCase } from '../core/model/cases.js';
import { caseText } from './judge.js';

/** What a report in the Test Anything Protocol says. */
export type TapReport = {
  /** Every test point in the order of the report, tests with subtests included. */
  readonly cases: readonly TestCase[];
  /** Its plan is there, and every test of it; subtests too. */
  readonly isComplete: boolean;
  /** Why it gave up (`Bail out!`); null where it did not. */
  readonly bailout: string | null;
};

/** Reads TAP 12, 13 and 14. Other lines among it are passed over; null for a text that has nothing of it. */
export function readTap(text: string | null): TapReport | null {
  if (text === null || !/^(TAP version \d+|1\.\.\d+.*|(not )?ok\b.*)$/m.test(text)) return null;
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
  parser.end(text);
  return { ...state, cases: cases.map(({ said, ...one }) => withMessage(one, said)) };
}

/** A case and the comments behind it. */
type Draft = TestCase & { readonly said: string[] };

function collect(parser: Parser, groups: readonly string[], cases: Draft[]): void {
  let last: Draft | undefined;
  parser.on('assert', (result: Result) => {
    last = draftOf(result, groups);
    cases.push(last);
  });
  parser.on('comment', (comment: string) => {
    if (!/^# (Subtest: |time=)/.test(comment)) last?.said.push(comment.replace(/^# ?/, '').trimEnd());
  });
  parser.on('child', (child: Parser) => {
    last = undefined;
    collect(child, [...groups, child.name], cases);
  });
}

function draftOf({ ok, name, id, skip, todo, time, diag, tapError }: Result, groups: readonly string[]): Draft {
  const isSkipped = skip !== false || todo !== false; // A test that is to do may fail.
  const reason = [skip, todo].find((one) => typeof one === 'string') ?? null;
  const { message, stack } = diagnosticsOf(diag);
  const problem = message || tapError;
  return {
    name: [...groups, name === '' ? `test ${id}` : name],
    status: isSkipped ? 'skipped' : ok ? 'passed' : 'failed',
    durationMs: time ?? 0,
    message: isSkipped ? reason : ok || !problem ? null : caseText(problem),
    ...(stack !== '' && !ok && { stack: caseText(stack) }),
    said: [],
  };
}

/** The YAML behind a test point: its message, or else whatever texts it has, and where it happened. */
function diagnosticsOf(diag: unknown): { readonly message: string; readonly stack: string } {
  const texts = textsOf(diag);
  const textAt = (...keys: readonly string[]) => texts.find(([key, text]) => keys.includes(key) && text !== '')?.[1] ?? '';
  const others = texts.filter(([key, text]) => !['at', 'stack'].includes(key) && text !== '');
  return { message: textAt('message') || others.map((one) => one.join(': ')).join('\n'), stack: textAt('stack', 'at') };
}

/** Keys and texts, nested ones too. */
function textsOf(value: unknown): readonly (readonly [key: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'string' ? [[key, inner] as const] : textsOf(inner)));
}

/** `1..0 # skip no database` */
function wholeSkipped(comment: string): Draft {
  const message = comment.replace(/^skip\S*\s*/i, '');
  return { name: ['all tests'], status: 'skipped', durationMs: 0, message: message === '' ? null : message, said: [] };
}

/** Many writers have no diagnostics, and comment on a failure. */
function withMessage(one: TestCase, said: readonly string[]): TestCase {
  const text = caseText(said.join('\n'));
  return one.status === 'failed' && one.message === null && text !== '' ? { ...one, message: text } : one;
}
