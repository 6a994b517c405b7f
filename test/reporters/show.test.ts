import { expect, test } from 'vitest';
import { renderList, renderShow, renderTable } from '../../src/render/show.js';
import { aCase, anOutcome, aReport, aResult, LOST } from './samples.js';

const look = { colors: false, unicode: true };
const message = Array.from({ length: 40 }, (_, index) => `row ${index}`).join('\n');
const report = aReport([
  aResult('tests/good.test.ts', 'passed', [LOST, anOutcome('passed', [aCase('a'), aCase('b', 'skipped')])]),
  aResult('b.test.ts', 'failed', [anOutcome('crashed'), anOutcome('failed', [aCase('a', 'failed', message)])]),
  aResult('c.test.ts', 'passed', [anOutcome('passed', [aCase('a'), aCase('b', 'skipped')])]),
]);

test('every file is listed in aligned columns, then the summary', () => {
  const text = renderShow(report, { failedOnly: false, verbose: false }, look);
  expect(text).toMatch(
    /^✓ tests\/good\.test\.ts {2}1\.0 s {2}lost 1 worker \(preempted\)\n✗ b\.test\.ts {11}1\.0 s {2}1 of 1 case failed; 2 attempts\n✓ c\.test\.ts {11}1\.0 s {2}1 passed, 1 skipped\n/,
  );
  expect(text).toContain('planned 3 =');
});

test('verbose adds each attempt and each loss with its worker', () => {
  const text = renderShow(report, { failedOnly: false, verbose: true }, look);
  expect(text).toContain(
    '  attempt 1: crashed (it ended by SIGSEGV) on host/1, 1.0 s\n  attempt 2: failed (exit code 1) on host/2, 1.0 s\n',
  );
  expect(text).toContain('  lost: preempted on host/1 after 500 ms, running again 1.5 s later\n');
});

test('failed only: nothing green, and failures in full', () => {
  const text = renderShow(report, { failedOnly: true, verbose: false }, look);
  expect(text).not.toContain('good.test.ts');
  expect(text).toContain('row 39\n');
  expect(text).toContain('attempt 1: crashed');
  expect(renderShow(aReport([]), { failedOnly: true, verbose: false }, look)).toBe('No file failed.\n');
});

test('runs are listed with how many files were good, and empty columns are left out', () => {
  const run = { suite: 'unit', startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5), owner: null, commit: null };
  const text = renderList(
    [
      { ...run, runId: 'ci-41', status: 'running', finishedAtMs: null, totals: null },
      { ...run, runId: 'r', status: 'failed', finishedAtMs: run.startedAtMs + 1_500, totals: report.totals },
    ],
    look,
  );
  expect(text.split('\n')).toEqual([
    'Run    Suite  Status   Good    Started               Took',
    'ci-41  unit   running          2026-01-02 03:04:05Z',
    'r      unit   failed   2 of 3  2026-01-02 03:04:05Z  1.5 s',
    '',
  ]);
});

test('columns align by what a terminal shows, not by code units', () => {
  expect(
    renderTable(
      ['Name', 'Next'],
      [
        ['夜間', 'soon'],
        ['a', 'late'],
      ],
      look,
    ),
  ).toBe('Name  Next\n夜間  soon\na     late\n');
});
