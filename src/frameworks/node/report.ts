import { z } from 'zod';
import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readLines } from '../report-lines.js';

const failure = z.object({
  message: z.string(),
  stack: z.string(),
  failureType: z.string().optional(),
  exitCode: z.number().nullish(),
  signal: z.string().nullish(),
});
const event = z.object({
  type: z.enum(['enqueue', 'start', 'complete', 'pass', 'fail']),
  name: z.string(),
  nesting: z.number(),
  /** Where the test is declared: `file:line:column`. */
  place: z.string(),
  /** The event is about the file itself, which Node counts as a test. */
  isFile: z.boolean(),
  isSuite: z.boolean(),
  durationMs: z.number(),
  skip: z.union([z.boolean(), z.string()]).optional(),
  todo: z.union([z.boolean(), z.string()]).optional(),
  error: failure.optional(),
});
const end = z.object({
  type: z.literal('end'),
  /** Built-in modules that the file loaded; null if unknown or if its process did not end on its own. */
  loaded: z.array(z.string()).nullable(),
  /** What kept the process of the file alive until it was ended. */
  stayedOpen: z.array(z.string()).optional(),
  stderr: z.string(),
});
type Event = z.infer<typeof event>;
type End = z.infer<typeof end>;

/** Reads a report by reporter.mjs or file.cjs. Suites are groups; a test with subtests is a case too, as Node counts. */
export function readNodeTestReport(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, z.union([event, end]));
  const last = lines.at(-1);
  const stayedOpen = last?.type === 'end' && last.stayedOpen;
  return { ...judge(lines, evidence), ...(stayedOpen && { stayedOpen }) };
}

function judge(lines: readonly (Event | End)[], evidence: Evidence): Reading {
  const events = lines.flatMap((line) => (line.type === 'end' ? [] : [line]));
  const last = lines.at(-1);
  const cases = casesOf(events, evidence);
  if (last?.type !== 'end') return judgeWithoutReport('node --test', evidence, cases);

  const unfinished = unfinishedOf(events);
  const running = unfinished.length > 0 ? ` while \`${unfinished[0]}\` had not ended` : '';
  const died = events.find(({ type, isFile, error }) => type === 'fail' && isFile && error?.failureType !== 'hookFailed')?.error;
  if (died?.signal)
    return { kind: 'crashed', cases, reason: `The process of the test file was ended by ${died.signal}${running}.` };
  if (died && running)
    return { kind: 'crashed', cases, reason: `The test file exited with ${died.exitCode ?? evidence.exitCode}${running}.` };
  if (died) return { kind: 'failed', cases: [...cases, fileCase(evidence, last.stderr || died.message)] };

  const leftEarly = running || (cases.length === 0 && last.loaded === null);
  if (leftEarly && evidence.exitCode === 0) {
    return { kind: 'crashed', cases, reason: `The test file exited with 0${running || ' before any test had ended'}.` };
  }
  const script =
    cases.length === 0 && isScript(last.loaded ?? []) ? events.filter(({ type, isFile }) => type === 'pass' && isFile) : [];
  return judgeReport('node --test', evidence, [...cases, ...script.map((event) => toCase(event, [evidence.file]))]);
}

/**
 * Node counts a file that reports no tests as one test, which passes if the file exits with 0. That is right for a script with plain
 * assertions or its own runner, but not for a file that imports node:test without defining a test, or an empty file.
 */
const isScript = (loaded: readonly string[]) => loaded.length > 0 && !loaded.includes('test');

/** A test that ended, with the error of the hook that prevented it from running, if any. */
type Ended = { event: Event; path: readonly string[]; hookError?: Event['error'] };

function casesOf(events: readonly Event[], evidence: Evidence): TestCase[] {
  const cases: Ended[] = [];
  const path: string[] = [];
  for (const event of events) {
    if (event.type === 'start') path.splice(event.nesting, Number.POSITIVE_INFINITY, event.name);
    if (event.type !== 'pass' && event.type !== 'fail') continue;
    const ended = { event, path: [...path.slice(0, event.nesting), event.name] };
    if (event.isFile) {
      if (event.error?.failureType === 'hookFailed') cases.push({ event, path: [evidence.file] });
    } else if (!event.isSuite) {
      cases.push(ended);
    } else if (event.error && event.error.failureType !== 'subtestsFailed') {
      explain(cases, ended.path, event);
    }
  }
  return cases.map(({ event, path, hookError }) => toCase(hookError ? { ...event, error: hookError } : event, path));
}

/** When a suite's hook fails, Node cancels the suite's tests without a reason. If it has none, the suite itself is the case. */
function explain(cases: Ended[], suite: readonly string[], event: Event): void {
  const inside = cases.filter(({ path }) => suite.every((part, depth) => path[depth] === part));
  const cancelled = inside.filter((ended) => ended.event.error?.failureType === 'cancelledByParent');
  for (const ended of cancelled) ended.hookError ??= event.error;
  if (cancelled.length === 0) cases.push({ event, path: suite });
}

function toCase({ type, durationMs, skip, todo, error }: Event, name: readonly string[]): TestCase {
  const isSkipped = isSet(skip) || isSet(todo);
  const why = [skip, todo].find((reason) => typeof reason === 'string' && reason !== '');
  return {
    name,
    status: isSkipped ? 'skipped' : type === 'pass' ? 'passed' : 'failed',
    durationMs,
    message:
      error && !isSkipped ? caseText(error.message) : typeof why === 'string' ? caseText(why) : isSet(todo) ? 'todo' : null,
    ...(error?.stack ? { stack: caseText(error.stack) } : {}),
  };
}

/** `t.skip('')` skips without a reason. */
const isSet = (mark: boolean | string | undefined) => mark !== undefined && mark !== false;

/** Names of tests that started and never ended. Several may share a name and, if declared in a loop, a place. */
function unfinishedOf(events: readonly Event[]): readonly string[] {
  const open = new Map<string, { name: string; count: number }>();
  for (const { type, isFile, name, nesting, place } of events) {
    if (isFile || (type !== 'enqueue' && type !== 'complete')) continue;
    const key = `${nesting} ${place} ${name}`;
    const count = open.get(key)?.count ?? 0;
    open.set(key, { name, count: type === 'enqueue' ? count + 1 : Math.max(0, count - 1) });
  }
  return [...open.values()].filter(({ count }) => count > 0).map(({ name }) => name);
}
