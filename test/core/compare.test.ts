import { expect, test } from 'vitest';
import { compareRuns } from '../../src/core/history/compare.js';
import { delaysOf } from '../../src/core/history/delays.js';
import type { AttemptReport, FileReport, SuiteReport } from '../../src/core/model/suite-report.js';
import { aReport } from '../reporters/samples.js';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const attempt = (durationMs: number, afterMs = 0, more: Partial<AttemptReport> = {}): AttemptReport => ({
  number: 1,
  speculative: false,
  outcome: 'passed',
  reason: null,
  worker: 'w/1',
  startedAt: new Date(START_MS + afterMs).toISOString(),
  durationMs,
  exitCode: 0,
  signal: null,
  cases: [],
  outputTail: '',
  output: null,
  ...more,
});
const file = (path: string, verdict: FileReport['verdict'], ...attempts: readonly AttemptReport[]): FileReport => ({
  path,
  repeat: 1,
  verdict,
  estimateMs: null,
  owner: null,
  reason: null,
  attempts,
  losses: [],
  copies: [],
});
const run = (files: readonly FileReport[], of: Partial<SuiteReport['run']> = {}): SuiteReport => ({ ...aReport([], of), files });

test('what failed anew, was fixed, became flaky or slower, went and came', () => {
  const before = run([
    file('ok', 'passed', attempt(2_000)),
    file('breaks', 'passed', attempt(10)),
    file('mended', 'failed'),
    file('half mended', 'failed'),
    file('shaky', 'passed', attempt(10)),
    file('slow', 'passed', attempt(4_000)),
    file('gone', 'passed'),
  ]);
  const after = run([
    file('ok', 'passed', attempt(2_900)),
    file('breaks', 'failed'),
    file('mended', 'passed', attempt(10)),
    file('half mended', 'flaky', attempt(10)),
    file('shaky', 'flaky', attempt(10)),
    file('slow', 'passed', attempt(9_000)),
    file('fresh', 'passed'),
  ]);
  expect(compareRuns(before, after)).toEqual({
    newFailures: ['breaks'],
    fixed: ['mended'],
    newlyFlaky: ['half mended', 'shaky'],
    slower: [{ path: 'slow', beforeMs: 4_000, afterMs: 9_000 }],
    missing: ['gone'],
    added: ['fresh'],
  });
});

test('of a file that was run several times the worst repeat counts', () => {
  const twice = run([file('a', 'passed'), { ...file('a', 'failed'), repeat: 2 }]);
  expect(compareRuns(run([file('a', 'passed')]), twice).newFailures).toEqual(['a']);
});

test.each<[string, readonly FileReport[], Partial<SuiteReport['run']>, readonly string[]]>([
  [
    'nothing, where it kept to its bound',
    [file('a', 'passed', attempt(1_000)), file('b', 'passed', attempt(1_000))],
    { makespanMs: 1_010, boundMs: 1_000, slots: 2 },
    [],
  ],
  [
    'one long file',
    [file('a', 'passed', attempt(9_000)), file('b', 'passed', attempt(1_000))],
    { makespanMs: 9_000, boundMs: 9_000, slots: 2 },
    ['one long file (a, 9.0 s)'],
  ],
  [
    'slots that started late',
    [file('a', 'passed', attempt(1_000)), file('b', 'passed', attempt(1_000, 2_000))],
    { makespanMs: 3_000, boundMs: 1_000, slots: 2 },
    ['slots that started late (1.0 s)'],
  ],
  [
    'idle slots',
    [file('a', 'passed', attempt(1_000)), file('b', 'passed', attempt(1_000))],
    { makespanMs: 1_500, boundMs: 1_000, slots: 2 },
    ['idle slots (1.0 s in all)'],
  ],
])('a run was held up by %s', (_, files, of, expected) => {
  expect(delaysOf(run(files, of))).toEqual(expected);
});

test('lost work is told with what it cost', () => {
  const loss = {
    worker: 'w/1',
    cause: 'preempted' as const,
    reason: 'r',
    at: new Date(START_MS).toISOString(),
    lostMs: 4_000,
    resumedAfterMs: 10,
  };
  const files = [{ ...file('a', 'passed', attempt(1_000)), losses: [loss] }, file('b', 'passed', attempt(1_000))];
  expect(delaysOf(run(files, { makespanMs: 3_000, boundMs: 1_000, slots: 2 }))).toEqual(['lost work (4.0 s)']);
});
