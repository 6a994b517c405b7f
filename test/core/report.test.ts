import { expect, test } from 'vitest';
import type { AttemptOutcome, AttemptRecord, ProcessResult } from '../../src/core/model/attempt.js';
import { NO_CASES, type TestCase } from '../../src/core/model/cases.js';
import { buildReport, type ReportParts, reportFile } from '../../src/core/model/report.js';
import type { FileResult } from '../../src/core/model/suite.js';
import { emptyVerdicts } from '../../src/core/model/totals.js';
import { anInput } from '../support/recorded.js';

const aCase: TestCase = { name: ['cart', 'adds'], status: 'passed', durationMs: 3, message: null };
const ran: ProcessResult = {
  durationMs: 100,
  exitCode: 0,
  signal: null,
  counts: NO_CASES,
  failures: [],
  outputTail: '',
  output: 'runs/s/r/a.log',
  report: { kind: 'inline', value: [aCase] },
};
const passed: AttemptOutcome = { ...ran, kind: 'passed' };
const failed: AttemptOutcome = { ...ran, kind: 'failed', exitCode: 1, outputTail: 'expected 1' };
const lostAt = (atMs: number): AttemptOutcome => ({ kind: 'lost', cause: 'heartbeatTimeout', reason: 'no beat for 10 s', atMs });
const at = (startedAtMs: number, outcome: AttemptOutcome, worker: string | null = 'host/1'): AttemptRecord => ({
  startedAtMs,
  outcome,
  worker,
});
const aFile = (...attempts: AttemptRecord[]): FileResult => ({
  path: 'a.test.ts',
  repeat: 1,
  verdict: 'passed',
  estimateMs: null,
  attempts,
});

test('losses stand beside the attempts, which are numbered without them', () => {
  const { attempts, losses } = reportFile(
    aFile(at(1_000, failed), at(2_000, lostAt(2_700), 'host/2'), at(3_000, passed, 'host/3')),
  );
  expect(attempts).toMatchObject([
    {
      number: 1,
      outcome: 'failed',
      worker: 'host/1',
      startedAt: '1970-01-01T00:00:01.000Z',
      exitCode: 1,
      outputTail: 'expected 1',
    },
    { number: 2, outcome: 'passed', worker: 'host/3', startedAt: '1970-01-01T00:00:03.000Z', durationMs: 100, cases: [aCase] },
  ]);
  expect(losses).toEqual([
    {
      worker: 'host/2',
      cause: 'heartbeatTimeout',
      reason: 'no beat for 10 s',
      at: '1970-01-01T00:00:02.700Z',
      lostMs: 700,
      resumedAfterMs: 300,
    },
  ]);
});

test('after the last loss nothing was resumed', () => {
  const { losses } = reportFile(aFile(at(0, lostAt(50)), at(80, lostAt(90), null)));
  expect(losses).toMatchObject([{ resumedAfterMs: 30 }, { worker: null, resumedAfterMs: null, lostMs: 10 }]);
});

test('clocks that disagree never make a negative duration', () => {
  const { losses } = reportFile(aFile(at(1_000, lostAt(900)), at(800, passed)));
  expect(losses).toMatchObject([{ lostMs: 0, resumedAfterMs: 0 }]);
});

test.each<[AttemptOutcome, string | null]>([
  [passed, null],
  [{ ...ran, kind: 'crashed', reason: 'exit code 0 without a report' }, 'exit code 0 without a report'],
  [{ ...ran, kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: 900 }, 'past its timeout (900 ms)'],
  [{ ...ran, kind: 'timedOut', endedBy: 'SIGKILL', timeoutMs: 900 }, 'past its timeout; ignored SIGTERM (900 ms)'],
  [{ ...ran, kind: 'timedOut', endedBy: 'server', timeoutMs: 900 }, 'past its timeout; its worker could not kill it (900 ms)'],
])('the reason of %o', (outcome, reason) => {
  expect(reportFile(aFile(at(0, outcome))).attempts).toMatchObject([{ outcome: outcome.kind, reason }]);
});

test('cases that are still elsewhere are an error, not an empty list', () => {
  const stored: AttemptOutcome = { ...passed, report: { kind: 'stored', address: 'runs/s/r/a.json' } };
  expect(() => reportFile(aFile(at(0, stored)))).toThrow(expect.objectContaining({ code: 'RUN_UNREADABLE' }));
});

const input = anInput('unit', 'r1', { commit: 'c0ffee' });
const totals = { ...emptyVerdicts(), planned: 0, lost: 0, countedTwice: 0, cases: NO_CASES };
const partsOf = (files: FileResult[], slots: number): ReportParts => ({
  input,
  result: { status: 'passed', exitCode: 0, totals, problem: null },
  files,
  startedAtMs: 0,
  finishedAtMs: 60_000,
  slots,
  webUrl: 'http://localhost:8233/x',
  changes: [],
});

test('the makespan spans losses and gaps, the bound knows neither', () => {
  const slow: AttemptOutcome = { ...ran, kind: 'passed', durationMs: 5_000 };
  const files = [
    aFile(at(1_000, lostAt(4_000)), at(5_000, slow)),
    aFile(at(2_000, slow)),
    aFile(at(3_000, failed), at(3_500, failed)),
    aFile(),
  ];
  expect(buildReport(partsOf(files, 2)).run).toEqual({
    id: 'r1',
    suite: 'unit',
    framework: 'vitest',
    status: 'passed',
    exitCode: 0,
    startedAt: '1970-01-01T00:00:00.000Z',
    finishedAt: '1970-01-01T00:01:00.000Z',
    makespanMs: 9_000,
    boundMs: 5_200,
    slots: 2,
    webUrl: 'http://localhost:8233/x',
    commit: 'c0ffee',
    previousRunId: null,
    problem: null,
    merged: null,
    order: 'recorded',
    seed: null,
    savedMs: 0,
    wastedMs: 0,
    changes: [],
  });
});

test('a run in which nothing ran has a report all the same', () => {
  const report = buildReport(partsOf([], 0));
  expect(report.run).toMatchObject({ makespanMs: 0, boundMs: 0, slots: 0 });
  expect(report.files).toEqual([]);
});
