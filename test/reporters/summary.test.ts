import { expect, test } from 'vitest';
import { styleOf } from '../../src/render/style.js';
import { renderSummary } from '../../src/render/summary.js';
import { aCase, anOutcome, aReport, aResult, LOST } from './samples.js';

const style = styleOf({ colors: false, unicode: true });
const green = aResult('good.test.ts', 'passed', [anOutcome('passed', [aCase('a')])]);

test('a green run is short: no empty section, the proof, where to see it', () => {
  const text = renderSummary([aReport([green])], style);
  expect(text).not.toMatch(/Failed|Flaky|Infrastructure|Lost|Not run|Next|Slowest/);
  expect(text).toContain(
    'planned 1 = passed 1 + flaky 0 + failed 0 + quarantined 0 + skipped 0 + not run 0 + infra-error 0; lost 0; counted twice 0',
  );
  expect(text).toContain('10.0 s (lower bound on 2 slots: 9.5 s)');
  expect(text).toContain('holdfast show run-1');
  expect(text).toContain('http://127.0.0.1:8233/');
  expect(text).toContain('1 passed');
});

test('a red run says what failed, why, and what to do next', () => {
  const bad = aResult("it's bad.test.ts", 'failed', [anOutcome('failed', [aCase('a', 'failed', 'expected 1 to be 2')])]);
  const text = renderSummary([aReport([green, bad])], style);
  expect(text).toMatch(
    /Failed \(1\)\n {2}✗ it's bad\.test\.ts {2}1 of 1 case failed\n {4}group › a\n {6}expected 1 to be 2\n {4}output:\n {4}│ some output/,
  );
  expect(text).toMatch(/Next\n {2}holdfast show run-1 --failed +show every failure in full\n/);
  expect(text).toContain(`holdfast run --suite unit 'it'\\''s bad.test.ts'`);
});

test('flaky files name the attempt that failed, losses the worker, given-up files their last loss', () => {
  const flaky = aResult('flaky.test.ts', 'flaky', [
    anOutcome('failed', [aCase('a', 'failed', 'no luck\nat all')]),
    LOST,
    anOutcome('passed', [aCase('a')]),
  ]);
  const gone = aResult('gone.test.ts', 'infraError', [LOST, LOST]);
  const text = renderSummary([aReport([flaky, gone])], style);
  expect(text).toMatch(
    /Flaky \(1\)\n {2}↻ flaky\.test\.ts {2}passed on attempt 2; attempt 1 failed \(exit code 1\); lost 1 worker \(preempted\)\n {4}group › a: no luck\n/,
  );
  expect(text).toMatch(
    /Lost attempts \(1\).*\n {2}flaky\.test\.ts {2}preempted on host\/2 after 500 ms, running again 1\.5 s later/,
  );
  expect(text).toMatch(
    /Infrastructure errors \(1\)\n {2}⚠ gone\.test\.ts .*lost 2 workers \(preempted\)\n {4}last: preempted on host\/2/,
  );
  expect(text).toContain('holdfast doctor');
});

test('a run that could not judge says why first', () => {
  const text = renderSummary([aReport([], { status: 'incomplete', exitCode: 3, problem: 'The listing failed.' })], style);
  expect(text).toContain('unit · incomplete: The listing failed.');
  expect(text).toContain('holdfast run --suite unit');
});

test('a problem of several lines is told whole, its first line in the verdict', () => {
  const problem = `\`list\` could not list the test files:\nTypeError: no\n${'    at x\n'.repeat(30)}`;
  const text = renderSummary([aReport([], { status: 'incomplete', exitCode: 3, problem })], style);
  expect(text).toContain('unit · incomplete: `list` could not list the test files.\n');
  expect(text).toMatch(/Problem\n {2}TypeError: no\n(?: {6}at x\n){19} {2}… 11 more lines\n\n/);
});

test('the slowest five, slowest first', () => {
  const files = [1, 5, 3, 6, 2, 4].map((seconds) =>
    aResult(`s${seconds}`, 'passed', [{ ...anOutcome('passed'), durationMs: seconds * 1_000 }]),
  );
  expect(renderSummary([aReport(files)], style)).toMatch(
    /Slowest\n {2}6\.0 s {2}s6\n {2}5\.0 s {2}s5\n {2}4\.0 s {2}s4\n {2}3\.0 s {2}s3\n {2}2\.0 s {2}s2\n\n/,
  );
});

test('several suites have a block each and one table; no report, no summary', () => {
  const text = renderSummary([aReport([green]), aReport([aResult('x', 'notRun', [])], { suite: 'e2e' })], style);
  expect(text.match(/planned 1 =/g)).toHaveLength(2);
  expect(text).toMatch(/\nSuite +Verdict +Files.*\nunit +passed +1 .*\ne2e +incomplete +1 .*\n$/);
  expect(renderSummary([], style)).toBe('');
});

test('long messages are cut where the terminal ends being read', () => {
  const message = Array.from({ length: 100 }, (_, index) => `row ${index}`).join('\n');
  const bad = aResult('bad.test.ts', 'failed', [anOutcome('failed', [aCase('a', 'failed', message)])]);
  const text = renderSummary([aReport([bad])], style);
  expect(text).toContain('row 19\n');
  expect(text).not.toContain('row 20\n');
  expect(text).toContain('… 80 more lines');
});

test.each([
  ['preempted', 'preempted'],
  ['infrastructure', 'output matched infraErrors'],
] as const)('an attempt lost to %s says so', (cause, words) => {
  const lost = { kind: 'lost', cause, reason: 'a reason', atMs: 500 } as const;
  const text = renderSummary([aReport([aResult('a.test.ts', 'passed', [lost, anOutcome('passed')])])], style);
  expect(text).toContain(`a.test.ts  ${words} on host/1`);
});
