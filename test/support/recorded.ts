import type { AttemptOutcome, AttemptRecord, ProcessResult } from '../../src/core/model/attempt.js';
import { countCases, NO_CASES, type TestCase } from '../../src/core/model/cases.js';
import type { FileResult, SuiteInput, SuiteResult } from '../../src/core/model/suite.js';
import type { SuiteReport } from '../../src/core/model/suite-report.js';
import { emptyVerdicts } from '../../src/core/model/totals.js';

/** The input of a run, as the command line makes it. */
export function anInput(suite: string, runId: string, more: Partial<SuiteInput> = {}): SuiteInput {
  return {
    suite,
    runId,
    ciAttempt: 1,
    queues: { tests: 'h.tests', control: 'h.control' },
    source: { kind: 'checkout' },
    framework: { name: 'vitest', args: [], cwd: '.', env: {} },
    selection: { include: [], exclude: [], only: [] },
    budget: { maxAttempts: 1, maxLosses: 1 },
    timeoutMs: 1_000,
    heartbeatTimeoutMs: 1_000,
    maxInFlight: null,
    maxFailures: null,
    repeatEach: 1,
    passWithNoTests: false,
    failOnFlaky: false,
    ...more,
  };
}

export function aCase(name: string, more: Partial<TestCase> = {}): TestCase {
  return { name: ['group', name], status: 'passed', durationMs: 1.25, message: null, ...more };
}

export function ranFor(durationMs: number, cases: readonly TestCase[] = []): ProcessResult {
  const counts = countCases(cases);
  return {
    durationMs,
    exitCode: 0,
    signal: null,
    counts,
    failures: [],
    outputTail: '',
    output: null,
    report: { kind: 'inline', value: cases },
  };
}

export function passed(durationMs: number, cases: readonly TestCase[] = []): AttemptOutcome {
  return { ...ranFor(durationMs, cases), kind: 'passed' };
}

export function anAttempt(outcome: AttemptOutcome, startedAtMs = 1_000): AttemptRecord {
  return { worker: 'host/1', startedAtMs, outcome };
}

export function aFile(path: string, ...attempts: readonly AttemptRecord[]): FileResult {
  return { path, repeat: 1, verdict: 'passed', estimateMs: null, attempts };
}

/** What `closeRun` is told of a run that passed. */
export function anEnd(suite: string, runId: string): [SuiteResult, SuiteReport['run']] {
  const totals = { planned: 1, ...emptyVerdicts(), passed: 1, lost: 0, countedTwice: 0, cases: NO_CASES };
  const end = { status: 'passed', exitCode: 0, problem: null } as const;
  const report = {
    ...end,
    id: runId,
    suite,
    framework: 'vitest',
    startedAt: new Date(1_000).toISOString(),
    finishedAt: new Date(61_234).toISOString(),
    makespanMs: 50_000.5,
    boundMs: 40_000,
    slots: 4,
    webUrl: 'http://localhost/x',
    commit: 'c0ffee',
    previousRunId: null,
    merged: null,
    order: 'recorded',
    seed: null,
    savedMs: 0,
    wastedMs: 0,
    changes: [],
  } as const;
  return [{ ...end, suite, runId, totals, report: 'runs/report.json' }, report];
}
