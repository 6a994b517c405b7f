import { z } from 'zod';
import type { CaseStatus, TestCase } from '../core/model/cases.js';
import type { Evidence, Reading } from './framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from './judge.js';

/** One line of `go test -json`; `Elapsed` is in seconds. Without `Test` it is about the package, or its build (`build-…`). */
const event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
  Elapsed: z.number().optional(),
});
type Event = z.infer<typeof event>;

const STATUSES: ReadonlyMap<string, CaseStatus> = new Map([
  ['pass', 'passed'],
  ['fail', 'failed'],
  ['skip', 'skipped'],
]);

/**
 * Judges a `go test -json` run of one package. As in go, every test and subtest that ended is a case, parents included. A test binary
 * that runs to completion prints PASS or FAIL on its own line; one that panics, is killed or exits early prints neither, and is judged
 * as crashed.
 */
export function readGoTest(evidence: Evidence): Reading {
  const events = parseEvents(evidence.reportText ?? '');
  const cases = casesOf(events);
  const ofPackage = events.filter(({ Test }) => Test === undefined);
  const end = ofPackage.findLast(({ Action }) => STATUSES.has(Action))?.Action;
  if (end === undefined) return judgeWithoutReport('go test', evidence, cases);

  const text = ofPackage.map(({ Output = '' }) => Output).join('');
  const isBuildFailure = /^FAIL\t.* \[(build|setup) failed\]$/m.test(text);
  if (isBuildFailure) return { kind: 'failed', cases: [fileCase(evidence, withoutFrames(text))] };
  const hasEnded = ofPackage.some(({ Output = '' }) => /^(PASS|FAIL)$/m.test(Output)); // Whatever stands before it on its line.
  if (end === 'fail' && !hasEnded) {
    return { kind: 'crashed', cases, reason: `The tests of the package ended early: ${lastWords(events)}` };
  }
  const isOk = evidence.exitCode === 0 && ofPackage.every(({ Action }) => Action !== 'fail'); // `command` may report several packages.
  return judgeReport('go test', evidence, isOk ? cases.map(excused) : cases);
}

/** A failed test of a package that go calls ok: another test ran it and expected that (`testing.RunTests`), or `TestMain` ignored it. */
function excused(testCase: TestCase): TestCase {
  if (testCase.status !== 'failed') return testCase;
  const message = ['It failed; go test says ok of the package.', testCase.message ?? ''].join('\n').trim();
  return { ...testCase, status: 'skipped', message };
}

/** The events of a report. Lines that are not from go are left out: the tests may write to the same stream. */
export function parseEvents(reportText: string): readonly Event[] {
  return reportText.split('\n').flatMap((line) => parseLine(line) ?? []);
}

/** Converts the report to the output of `go test -v`. */
export function goTestOutput(reportText: string): string {
  const lines = reportText.split('\n').map((line) => {
    const parsed = parseLine(line);
    return parsed === null ? (line === '' ? '' : `${line}\n`) : (parsed.Output ?? '');
  });
  return lines.join('');
}

/** null for lines that are not from go: the tests may write to the same stream. */
function parseLine(line: string): Event | null {
  if (!line.startsWith('{')) return null;
  try {
    return event.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // Truncated.
  }
}

function casesOf(events: readonly Event[]): TestCase[] {
  const known = new Set(events.flatMap(({ Test }) => Test ?? []));
  const outputs = new Map<string, string>();
  const cases: TestCase[] = [];
  for (const { Action, Test, Output, Elapsed = 0 } of events) {
    if (Test === undefined) continue;
    if (Output !== undefined) outputs.set(Test, (outputs.get(Test) ?? '') + Output);
    const status = STATUSES.get(Action);
    if (status === undefined) continue;
    const message = status === 'passed' ? '' : caseText(withoutFrames(outputs.get(Test) ?? ''));
    outputs.delete(Test); // With -count=2 the same test runs again.
    cases.push({
      name: pathOf(Test, known),
      status,
      durationMs: Math.round(Elapsed * 1e6) / 1e3,
      message: message === '' ? null : message,
    });
  }
  return cases;
}

/** `TestA/http://x` is the subtest `http://x` of TestA: a slash separates names only if the part before it is itself a test. */
function pathOf(test: string, known: ReadonlySet<string>): readonly string[] {
  for (let at = test.lastIndexOf('/'); at > 0; at = test.lastIndexOf('/', at - 1)) {
    const parent = test.slice(0, at);
    if (known.has(parent)) return [...pathOf(parent, known), test.slice(at + 1)];
  }
  return [test];
}

/** Removes the lines that go prints around the output of tests. */
function withoutFrames(text: string): string {
  return text.replace(/^\s*(=== (RUN|PAUSE|CONT|NAME|ATTR|ARTIFACTS)|--- (PASS|FAIL|SKIP):|FAIL\t).*\n?/gm, '');
}

/** Why the run ended, according to its output: a panic, or else the last line. */
function lastWords(events: readonly Event[]): string {
  const text = withoutFrames(events.map(({ Output = '' }) => Output).join(''));
  const panic = /^(panic|fatal error): .*$/m.exec(text)?.[0];
  return caseText(panic ?? text.trim().split('\n').at(-1) ?? '') || 'no reason was printed.';
}
