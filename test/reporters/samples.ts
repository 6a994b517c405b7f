import fc from 'fast-check';
import {
  type AttemptOutcome,
  type AttemptRecord,
  nextStep,
  type TestOutcome,
  type Verdict,
} from '../../src/core/model/attempt.js';
import { countCases, excerptFailures, type TestCase } from '../../src/core/model/cases.js';
import { reportFile } from '../../src/core/model/report.js';
import type { FileResult, RunStatus } from '../../src/core/model/suite.js';
import type { FileReport, SuiteReport } from '../../src/core/model/suite-report.js';
import { decidingCounts, emptyVerdicts, totalsOf } from '../../src/core/model/totals.js';
import { viewOfResult } from '../../src/render/file-view.js';
import type { RunView } from '../../src/render/run-view.js';
import type { Terminal } from '../../src/render/terminal.js';

/** A screen that remembers what was written on it. */
export function aTerminal(look: Partial<Terminal> = {}): Terminal & { readonly text: () => string; readonly writes: string[] } {
  const writes: string[] = [];
  return {
    columns: 80,
    rows: 24,
    isTTY: false,
    colors: false,
    unicode: true,
    ...look,
    writes,
    write: (text) => void writes.push(text),
    text: () => writes.join(''),
  };
}

export function aCase(name: string, status: TestCase['status'] = 'passed', message: string | null = null): TestCase {
  return { name: ['group', name], status, durationMs: 5, message };
}

/** An outcome with its cases inline, as a worker returns it. */
export function anOutcome(
  kind: TestOutcome['kind'],
  cases: readonly TestCase[] = [],
  outputTail = kind === 'passed' ? '' : 'some output\n',
): TestOutcome {
  const ran = {
    durationMs: 1_000,
    exitCode: kind === 'crashed' ? null : kind === 'passed' ? 0 : 1,
    signal: kind === 'crashed' ? 'SIGSEGV' : null,
    counts: countCases(cases),
    failures: excerptFailures(cases, { count: 5, characters: 1_000 }),
    outputTail,
    output: null,
    report: { kind: 'inline', value: cases },
  } as const;
  switch (kind) {
    case 'passed':
    case 'failed':
      return { ...ran, kind };
    case 'timedOut':
      return { ...ran, kind, endedBy: 'SIGTERM', timeoutMs: 10_000 };
    case 'crashed':
      return { ...ran, kind, reason: 'it ended by SIGSEGV' };
    case 'noTests':
      return { ...ran, kind, isError: false };
  }
}

export const LOST: AttemptOutcome = { kind: 'lost', cause: 'preempted', reason: 'SIGTERM', atMs: 500 };

/** A file that went through these outcomes, one every two seconds from `startMs`. */
export function aResult(path: string, verdict: Verdict, outcomes: readonly AttemptOutcome[], repeat = 1): FileResult {
  const attempts = outcomes.map((outcome, index): AttemptRecord => {
    const startedAtMs = index * 2_000;
    return {
      worker: `host/${index + 1}`,
      startedAtMs,
      outcome: outcome.kind === 'lost' ? { ...outcome, atMs: startedAtMs + 500 } : outcome,
    };
  });
  return { path, repeat, estimateMs: null, verdict, attempts };
}

export function aReport(results: readonly FileResult[], run: Partial<SuiteReport['run']> = {}): SuiteReport {
  const files: FileReport[] = results.map(reportFile);
  const totals = totalsOf(
    results,
    results.map((result) => ({ ...result, cases: decidingCounts(result.attempts) })),
  );
  const status: RunStatus = totals.failed > 0 ? 'failed' : totals.infraError + totals.notRun > 0 ? 'incomplete' : 'passed';
  return {
    schemaVersion: 1,
    run: {
      id: 'run-1',
      suite: 'unit',
      framework: 'vitest',
      status,
      exitCode: { passed: 0, failed: 1, incomplete: 3, cancelled: 130 }[status],
      startedAt: '2026-01-02T03:04:05.000Z',
      finishedAt: '2026-01-02T03:04:15.000Z',
      makespanMs: 10_000,
      boundMs: 9_500,
      slots: 2,
      webUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/x',
      commit: null,
      previousRunId: null,
      problem: null,
      merged: null,
      order: 'recorded',
      seed: null,
      savedMs: 0,
      wastedMs: 0,
      changes: [],
      ...run,
    },
    totals,
    files,
  };
}

export function aRunView(
  view: Partial<Omit<RunView, 'progress' | 'newlyFinished'>> & {
    readonly progress?: Partial<RunView['progress']>;
    readonly newlyFinished?: readonly FileResult[];
  } = {},
): RunView {
  return {
    suite: 'unit',
    runId: 'run-1',
    webUrl: null,
    running: [],
    waitingFor: null,
    ...view,
    newlyFinished: (view.newlyFinished ?? []).map(viewOfResult),
    progress: {
      phase: 'running',
      startedAtMs: 0,
      planned: 10,
      verdicts: emptyVerdicts(),
      retries: 0,
      losses: 0,
      inFlight: [],
      remainingMs: null,
      isPaused: false,
      waiting: [],
      changes: [],
      slots: 2,
      finished: [],
      cursor: 0,
      batches: [],
      result: null,
      ...view.progress,
    },
  };
}

const title = fc.constantFrom('adds', 'adds', 'removes', '<&"\'> \u0000\u001b[31mred\u001b[0m \ud800', 'two\nlines');
const testCase = fc
  .record({
    name: title,
    status: fc.constantFrom('passed', 'failed', 'skipped'),
    message: fc.option(fc.string({ unit: 'binary' })),
  })
  .map(({ name, status, message }) => aCase(name, status, message));
const outcome = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('failed', 'timedOut', 'crashed', 'noTests'),
      cases: fc.array(testCase, { maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('passed'),
      cases: fc.array(
        testCase.filter(({ status }) => status !== 'failed'),
        { maxLength: 4 },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'lost', cases: [] }) },
) as fc.Arbitrary<{ kind: AttemptOutcome['kind']; cases: TestCase[] }>;

/** A file with attempts in any order that `nextStep` allows, and the verdict that it gives; now and then quarantined or ended early. */
export const anyResult: fc.Arbitrary<FileResult> = fc
  .record({
    outcomes: fc.array(outcome, { maxLength: 8 }),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    isQuarantined: fc.boolean(),
  })
  .map(({ outcomes, maxAttempts, isQuarantined }) => {
    const sofar: AttemptOutcome[] = [];
    for (const { kind, cases } of outcomes) {
      sofar.push(kind === 'lost' ? LOST : anOutcome(kind, kind === 'noTests' ? [] : cases));
      const step = nextStep(sofar, { maxAttempts, maxLosses: 2 });
      if (step.kind === 'done')
        return aResult('tests/any.test.ts', isQuarantined && step.verdict === 'failed' ? 'quarantined' : step.verdict, sofar);
    }
    return aResult('tests/any.test.ts', 'notRun', sofar);
  });

/** A report of up to six such files. */
export const anyReport: fc.Arbitrary<SuiteReport> = fc
  .array(anyResult, { maxLength: 6 })
  .map((results) => aReport(results.map((result, index) => ({ ...result, path: `tests/${index}.test.ts` }))));
