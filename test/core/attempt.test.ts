import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AttemptOutcome, type NextStep, nextStep, type ProcessResult } from '../../src/core/model/attempt.js';
import { NO_CASES } from '../../src/core/model/cases.js';

const ran: ProcessResult = {
  durationMs: 5,
  exitCode: 0,
  signal: null,
  counts: NO_CASES,
  failures: [],
  outputTail: '',
  output: null,
  report: { kind: 'inline', value: [] },
};
const passed: AttemptOutcome = { ...ran, kind: 'passed' };
const failed: AttemptOutcome = { ...ran, kind: 'failed', exitCode: 1 };
const timedOut: AttemptOutcome = { ...ran, kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: 100 };
const crashed: AttemptOutcome = { ...ran, kind: 'crashed', reason: 'no report' };
const noTests: AttemptOutcome = { ...ran, kind: 'noTests', isError: false };
const noTestsIsError: AttemptOutcome = { ...ran, kind: 'noTests', isError: true };
const lost: AttemptOutcome = { kind: 'lost', cause: 'preempted', reason: 'SIGTERM', atMs: 7 };

const again: NextStep = { kind: 'runAgain' };
const done = (verdict: Extract<NextStep, { kind: 'done' }>['verdict']): NextStep => ({ kind: 'done', verdict });

test.each<[string, AttemptOutcome[], NextStep]>([
  ['nothing happened yet', [], again],
  ['passed at once', [passed], done('passed')],
  ['passed at once, on the third machine', [lost, lost, passed], done('passed')],
  ['red once, with a retry left', [failed], again],
  ['red twice, no retry left', [failed, failed], done('failed')],
  ['passed after a red attempt', [failed, passed], done('flaky')],
  ['passed after a red attempt and a loss', [failed, lost, passed], done('flaky')],
  ['red in a way that is not repeated, with a retry left', [{ ...failed, mayRepeat: false }], done('failed')],
  ['a timeout is red', [timedOut, timedOut], done('failed')],
  ['a crash is red', [crashed, failed], done('failed')],
  ['no tests in it', [noTests], done('skipped')],
  ['no tests in it, after a red attempt', [failed, noTests], done('flaky')],
  ['no tests, which this framework calls a failure', [noTestsIsError], again],
  ['the same, no retry left', [noTestsIsError, noTestsIsError], done('failed')],
  ['lost', [lost], again],
  ['lost as often as allowed', [lost, lost], again],
  ['lost once too often', [lost, lost, lost], done('infraError')],
  ['lost once too often, red before', [failed, lost, lost, lost], done('infraError')],
  ['the losses are used up, the retries are not', [lost, lost, failed], again],
  ['the retries are used up, the losses are not', [failed, lost, failed], done('failed')],
])('%s', (_, outcomes, expected) => {
  expect(nextStep(outcomes, { maxAttempts: 2, maxLosses: 2 })).toEqual(expected);
});

const someOutcome = fc.constantFrom(passed, failed, timedOut, crashed, noTests, noTestsIsError, lost);
const someBudget = fc.record({ maxAttempts: fc.integer({ min: 1, max: 6 }), maxLosses: fc.nat(6) });

/** Feeds outcomes until the file has its verdict, as the workflow does; repeats the supply when it runs out. */
function judge(supply: readonly AttemptOutcome[], budget: Parameters<typeof nextStep>[1]) {
  const outcomes: AttemptOutcome[] = [];
  for (;;) {
    const step = nextStep(outcomes, budget);
    if (step.kind === 'done') return { outcomes, verdict: step.verdict };
    outcomes.push(supply[outcomes.length % supply.length] ?? passed);
    if (outcomes.length > 1_000) throw new Error('no verdict in sight');
  }
}
const countLost = (outcomes: readonly AttemptOutcome[]) => outcomes.filter(({ kind }) => kind === 'lost').length;

test('every file ends, within both budgets', () => {
  fc.assert(
    fc.property(fc.array(someOutcome, { minLength: 1, maxLength: 20 }), someBudget, (supply, budget) => {
      const { outcomes } = judge(supply, budget);
      const losses = countLost(outcomes);
      expect(outcomes.length).toBeLessThanOrEqual(budget.maxAttempts + budget.maxLosses + 1);
      expect(losses).toBeLessThanOrEqual(budget.maxLosses + 1);
      expect(outcomes.length - losses).toBeLessThanOrEqual(budget.maxAttempts);
    }),
  );
});

test('a lost machine never costs a retry: without its losses, a file gets the same verdict', () => {
  fc.assert(
    fc.property(fc.array(someOutcome, { minLength: 1, maxLength: 20 }), someBudget, (supply, budget) => {
      const { outcomes, verdict } = judge(supply, budget);
      fc.pre(verdict !== 'infraError');
      const withoutLosses = outcomes.filter(({ kind }) => kind !== 'lost');
      expect(nextStep(withoutLosses, budget)).toEqual(done(verdict));
      for (const kept of withoutLosses.keys()) expect(nextStep(withoutLosses.slice(0, kept), budget)).toEqual(again);
    }),
  );
});

test('infra-error is said of machines only, failed of tests only', () => {
  fc.assert(
    fc.property(fc.array(someOutcome, { minLength: 1, maxLength: 20 }), someBudget, (supply, budget) => {
      const { outcomes, verdict } = judge(supply, budget);
      expect(verdict === 'infraError').toBe(countLost(outcomes) > budget.maxLosses);
      if (verdict === 'failed') expect(outcomes.at(-1)?.kind).not.toBe('passed');
      if (verdict === 'passed') expect(outcomes.length - countLost(outcomes)).toBe(1);
    }),
  );
});
