import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verdict } from '../../src/core/model/attempt.js';
import { NO_CASES } from '../../src/core/model/cases.js';
import {
  emptyVerdicts,
  exitCodeOf,
  type JudgedFile,
  mergeTotals,
  proofLine,
  type RunEnd,
  statusOf,
  totalsOf,
} from '../../src/core/model/totals.js';

const planOf = (...paths: string[]) => paths.map((path) => ({ path, repeat: 1 }));
const judged = (path: string, verdict: Verdict = 'passed', repeat = 1): JudgedFile => ({
  path,
  repeat,
  verdict,
  cases: NO_CASES,
});

test('a run in which every file has one verdict adds up', () => {
  const cases = { passed: 3, failed: 1, skipped: 2 };
  const results = [
    { ...judged('a'), cases },
    { ...judged('b', 'failed'), cases },
  ];
  expect(totalsOf(planOf('a', 'b'), results)).toEqual({
    ...emptyVerdicts(),
    planned: 2,
    passed: 1,
    failed: 1,
    lost: 0,
    countedTwice: 0,
    cases: { passed: 6, failed: 2, skipped: 4 },
  });
});

test('a planned file without a verdict is lost', () => {
  expect(totalsOf(planOf('a', 'b', 'c'), [judged('b')])).toMatchObject({ planned: 3, passed: 1, lost: 2, countedTwice: 0 });
});

test('the second verdict of a file is counted twice, and changes nothing else', () => {
  const results = [{ ...judged('a', 'failed'), cases: { passed: 0, failed: 1, skipped: 0 } }, judged('a')];
  expect(totalsOf(planOf('a'), results)).toMatchObject({ passed: 0, failed: 1, countedTwice: 1, lost: 0, cases: { failed: 1 } });
});

test('a verdict of a file that was never planned cannot stand in for one that was', () => {
  expect(totalsOf(planOf('a', 'b'), [judged('a'), judged('x')])).toMatchObject({ passed: 1, lost: 1, countedTwice: 1 });
});

test('each repeat of a file is a task of its own', () => {
  const planned = [1, 2, 3].map((repeat) => ({ path: 'a', repeat }));
  expect(totalsOf(planned, [judged('a'), judged('a', 'failed', 2)])).toMatchObject({ passed: 1, failed: 1, lost: 1 });
});

test('a file planned twice under one name can never be green', () => {
  expect(totalsOf(planOf('a', 'a'), [judged('a'), judged('a')])).toMatchObject({ passed: 1, lost: 1, countedTwice: 1 });
});

test('a batch that never answers leaves its files lost', () => {
  expect(mergeTotals(3, [totalsOf(planOf('a'), [judged('a')])])).toMatchObject({ planned: 3, passed: 1, lost: 2 });
});

test('a batch that answers twice is counted twice', () => {
  const batch = totalsOf(planOf('a', 'b'), [judged('a'), judged('b')]);
  expect(mergeTotals(2, [batch, batch])).toMatchObject({ lost: 0, countedTwice: 2 });
});

const someVerdict = fc.constantFrom(...(Object.keys(emptyVerdicts()) as Verdict[]));
const somePath = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const someResults = fc.array(
  fc.tuple(somePath, someVerdict).map(([path, verdict]) => judged(path, verdict)),
  { maxLength: 15 },
);
const somePlan = fc.uniqueArray(somePath).map((paths) => planOf(...paths));

test('whatever happens, planned = verdicts + lost, and every result is counted once or counted twice', () => {
  fc.assert(
    fc.property(somePlan, someResults, (planned, results) => {
      const { passed, flaky, failed, quarantined, skipped, notRun, infraError, lost, countedTwice } = totalsOf(planned, results);
      const verdicts = passed + flaky + failed + quarantined + skipped + notRun + infraError;
      expect(verdicts + lost).toBe(planned.length);
      expect(verdicts + countedTwice).toBe(results.length);
    }),
  );
});

test('cut into batches, a run has the same totals', () => {
  fc.assert(
    fc.property(somePlan, someResults, fc.nat(6), (planned, results, cut) => {
      const first = planned.slice(0, cut);
      const rest = planned.slice(cut);
      const isFirst = ({ path }: JudgedFile) => first.some((file) => file.path === path);
      const batches = [
        totalsOf(first, results.filter(isFirst)),
        totalsOf(
          rest,
          results.filter((result) => !isFirst(result)),
        ),
      ];
      expect(mergeTotals(planned.length, batches)).toEqual(totalsOf(planned, results));
    }),
  );
});

test('the proof names every number', () => {
  const totals = {
    planned: 36,
    passed: 1,
    flaky: 2,
    failed: 3,
    quarantined: 4,
    skipped: 5,
    notRun: 6,
    infraError: 7,
    lost: 8,
    countedTwice: 9,
    cases: NO_CASES,
  };
  expect(proofLine(totals)).toBe(
    'planned 36 = passed 1 + flaky 2 + failed 3 + quarantined 4 + skipped 5 + not run 6 + infra-error 7; lost 8; counted twice 9',
  );
});

/** The end of a run with these verdicts (planned is their sum unless said otherwise). */
function anEnd({ totals: given, ...rest }: { totals: Partial<RunEnd['totals']> } & Partial<Omit<RunEnd, 'totals'>>): RunEnd {
  const verdicts = { ...emptyVerdicts(), lost: 0, countedTwice: 0, cases: NO_CASES, ...given };
  const { passed, flaky, failed, quarantined, skipped, notRun, infraError } = verdicts;
  const planned = given.planned ?? passed + flaky + failed + quarantined + skipped + notRun + infraError;
  const end = { cancelled: false, failOnFlaky: false, passWithNoTests: false, problem: null, stoppedEarly: false };
  return { ...end, ...rest, totals: { ...verdicts, planned } };
}

test.each<[string, Parameters<typeof anEnd>[0], string, number]>([
  ['all passed', { totals: { passed: 3 } }, 'passed', 0],
  ['flaky is green', { totals: { passed: 2, flaky: 1 } }, 'passed', 0],
  ['flaky is red where it was asked for', { totals: { passed: 2, flaky: 1 }, failOnFlaky: true }, 'failed', 1],
  ['fail-on-flaky without a flaky file', { totals: { passed: 2 }, failOnFlaky: true }, 'passed', 0],
  ['quarantined cannot fail a run', { totals: { passed: 1, quarantined: 2 } }, 'passed', 0],
  ['some files without tests', { totals: { passed: 1, skipped: 2 } }, 'passed', 0],
  ['one failed', { totals: { passed: 9, failed: 1 } }, 'failed', 1],
  ['failed, and a machine was at fault elsewhere', { totals: { failed: 1, infraError: 1 } }, 'failed', 1],
  ['failed, and a file is lost', { totals: { planned: 2, failed: 1, lost: 1 } }, 'failed', 1],
  ['stopped after so many failures', { totals: { failed: 1, notRun: 8 }, stoppedEarly: true }, 'failed', 1],
  ['stopped early without a failure', { totals: { passed: 1 }, stoppedEarly: true }, 'incomplete', 3],
  ['not run', { totals: { passed: 1, notRun: 1 } }, 'incomplete', 3],
  ['infra-error', { totals: { passed: 1, infraError: 1 } }, 'incomplete', 3],
  ['lost', { totals: { planned: 2, passed: 1, lost: 1 } }, 'incomplete', 3],
  ['counted twice', { totals: { passed: 1, countedTwice: 1 } }, 'incomplete', 3],
  ['the sum does not add up, whatever lost says', { totals: { planned: 2, passed: 1 } }, 'incomplete', 3],
  ['the run could not judge', { totals: {}, problem: 'The listing failed.' }, 'incomplete', 3],
  [
    'all passed, but something went wrong',
    { totals: { passed: 1 }, problem: 'The report could not be written.' },
    'incomplete',
    3,
  ],
  ['no files', { totals: {} }, 'incomplete', 4],
  ['no files, which is fine', { totals: {}, passWithNoTests: true }, 'passed', 0],
  ['no tests in any file', { totals: { skipped: 2 } }, 'incomplete', 4],
  ['no tests in any file, which is fine', { totals: { skipped: 2 }, passWithNoTests: true }, 'passed', 0],
  ['cancelled', { totals: { passed: 1, notRun: 1 }, cancelled: true }, 'cancelled', 130],
  ['cancelled after a failure', { totals: { failed: 1, notRun: 1 }, cancelled: true }, 'cancelled', 130],
  ['cancelled before anything was planned', { totals: {}, cancelled: true }, 'cancelled', 130],
])('%s', (_, parts, status, exitCode) => {
  expect([statusOf(anEnd(parts)), exitCodeOf(anEnd(parts))]).toEqual([status, exitCode]);
});

test('only a run that adds up and has nothing against it is green', () => {
  const few = fc.nat(2);
  const someTotals = fc.record({
    planned: fc.nat(12),
    passed: few,
    flaky: few,
    failed: few,
    quarantined: few,
    skipped: few,
    notRun: few,
    infraError: few,
    lost: few,
    countedTwice: few,
    cases: fc.constant(NO_CASES),
  });
  const someEnd = fc.record({
    totals: someTotals,
    cancelled: fc.boolean(),
    failOnFlaky: fc.boolean(),
    passWithNoTests: fc.boolean(),
    stoppedEarly: fc.boolean(),
    problem: fc.option(fc.constant('The listing failed.')),
  });
  fc.assert(
    fc.property(someEnd, (end) => {
      const isGreen = exitCodeOf(end) === 0;
      expect(statusOf(end) === 'passed').toBe(isGreen);
      if (!isGreen) return;
      const { planned, passed, flaky, failed, quarantined, skipped, notRun, infraError, lost, countedTwice } = end.totals;
      expect([failed, notRun, infraError, lost, countedTwice]).toEqual([0, 0, 0, 0, 0]);
      expect(passed + flaky + quarantined + skipped).toBe(planned);
      expect([end.cancelled, end.problem, end.stoppedEarly]).toEqual([false, null, false]);
    }),
    { numRuns: 1_000 },
  );
});
