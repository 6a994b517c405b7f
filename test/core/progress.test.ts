import { expect, test } from 'vitest';
import { progressAtEnd } from '../../src/core/model/progress.js';
import { anOutcome, aReport, aResult, aRunView, LOST } from '../reporters/samples.js';

const seen = aRunView({ progress: { planned: null, remainingMs: 9, isPaused: true } }).progress;

test('what the last look at a run has missed is in its report', () => {
  const files = [
    aResult('a', 'passed', [anOutcome('passed')]),
    aResult('b', 'flaky', [LOST, anOutcome('failed'), anOutcome('passed')]),
  ];
  const end = progressAtEnd(seen, aReport(files));
  expect(end).toMatchObject({ phase: 'finished', planned: 2, retries: 1, losses: 1, remainingMs: null, isPaused: false });
  expect(end.verdicts).toEqual({ passed: 1, flaky: 1, failed: 0, quarantined: 0, skipped: 0, notRun: 0, infraError: 0 });
});

test('a run that broke before its plan has none at its end', () => {
  expect(progressAtEnd(seen, aReport([], { problem: 'No test file.' })).planned).toBe(null);
});
