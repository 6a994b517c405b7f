import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptOutcome, AttemptRecord, ProcessResult, TestOutcome, Verdict } from '../../src/core/model/attempt.js';
import { reportFile } from '../../src/core/model/report.js';
import type { FileResult, PlannedFile } from '../../src/core/model/suite.js';
import { joinParts, PartCollector, slicesOf, wholeFiles } from '../../src/core/plan/parts.js';
import { aCase, anAttempt, ranFor } from '../support/recorded.js';

const part = (number: number, of: number) => ({ number, of, named: { kind: 'inline', value: [] } as const });
const ran = (name: string, more: Partial<ProcessResult> = {}) => ({ ...ranFor(100, [aCase(name)]), left: 1, ...more });
const green = (name: string, more: Partial<ProcessResult> = {}): TestOutcome => ({ ...ran(name, more), kind: 'passed' });
const red = (name: string, more: Partial<ProcessResult> = {}): TestOutcome => {
  const counts = { passed: 0, failed: 1, skipped: 0 };
  return { ...ran(name), counts, failures: [{ name: ['group', name], message: 'no' }], kind: 'failed', ...more };
};
const lost = (atMs: number): AttemptOutcome => ({ kind: 'lost', cause: 'preempted', reason: 'gone', atMs });

function aPart(number: number, verdict: Verdict, ...attempts: readonly AttemptRecord[]): FileResult {
  return { path: 'long', repeat: 1, estimateMs: 50, part: part(number, 2), verdict, attempts };
}

test('the attempts of a file are those of its parts, and a green part is not repeated', () => {
  const file = joinParts([
    aPart(2, 'flaky', anAttempt(red('b'), 2_000), anAttempt(green('b'), 3_000)),
    aPart(1, 'passed', anAttempt(green('a'), 1_000)),
  ]);
  expect(file).toMatchObject({ path: 'long', verdict: 'flaky', estimateMs: 100 });
  expect(file).not.toHaveProperty('part');
  expect(file.attempts).toMatchObject([
    {
      startedAtMs: 1_000,
      outcome: {
        kind: 'failed',
        durationMs: 200,
        counts: { passed: 1, failed: 1, skipped: 0 },
        parts: [
          { number: 1, attempt: 1, outcome: 'passed', cases: 1 },
          { number: 2, attempt: 1, outcome: 'failed' },
        ],
      },
    },
    {
      outcome: {
        kind: 'passed',
        counts: { passed: 2, failed: 0, skipped: 0 },
        parts: [
          { number: 1, attempt: 1 },
          { number: 2, attempt: 2, startedAtMs: 3_000 },
        ],
      },
    },
  ]);
});

test.each<[Verdict, Verdict, Verdict]>([
  ['passed', 'passed', 'passed'],
  ['passed', 'skipped', 'passed'],
  ['flaky', 'passed', 'flaky'],
  ['quarantined', 'flaky', 'quarantined'],
  ['notRun', 'passed', 'notRun'],
  ['infraError', 'notRun', 'infraError'],
  ['failed', 'infraError', 'failed'],
])('parts that are %s and %s make a file that is %s', (one, other, verdict) => {
  expect(joinParts([aPart(1, one), aPart(2, other)]).verdict).toBe(verdict);
  expect(joinParts([aPart(1, other), aPart(2, one)]).verdict).toBe(verdict);
});

test('a person who skips what is left of a file has skipped it', () => {
  const skipped = { ...aPart(2, 'skipped'), reason: 'SkippedByUser: me' };
  expect(joinParts([aPart(1, 'passed', anAttempt(green('a'))), skipped])).toMatchObject({
    verdict: 'skipped',
    reason: 'SkippedByUser: me',
  });
});

test('what is green of a file that did not run as a whole is no attempt of it; what is red is', () => {
  expect(joinParts([aPart(1, 'passed', anAttempt(green('a'))), aPart(2, 'notRun')]).attempts).toEqual([]);
  expect(joinParts([aPart(1, 'failed', anAttempt(red('a'))), aPart(2, 'notRun')]).attempts).toHaveLength(1);
});

test('a loss tells when its own part went on', () => {
  const file = joinParts([
    aPart(1, 'passed', anAttempt(lost(5_000), 1_000), anAttempt(green('a'), 7_500)),
    aPart(2, 'passed', anAttempt(green('b'), 1_000)),
  ]);
  const inline = file.attempts.map((record) =>
    record.outcome.kind === 'lost'
      ? record
      : { ...record, outcome: { ...record.outcome, report: { kind: 'inline' as const, value: [] } } },
  );
  expect(reportFile({ ...file, attempts: inline }).losses).toMatchObject([{ lostMs: 4_000, resumedAfterMs: 2_500 }]);
});

test('parts that together did not run what each of them saw prove nothing', () => {
  const file = joinParts([
    aPart(1, 'passed', anAttempt(green('a', { left: 2 }))),
    aPart(2, 'passed', anAttempt(green('b', { left: 2 }))),
  ]);
  expect(file).toMatchObject({ verdict: 'infraError', reason: expect.stringContaining('ran 2 cases, part 1 saw 3') });
  const unnamed = joinParts([
    aPart(1, 'passed', anAttempt(green('a', { left: null }))),
    aPart(2, 'passed', anAttempt(green('b', { left: null }))),
  ]);
  expect(unnamed.verdict).toBe('passed');
});

test('failures are shielded together only where each is', () => {
  const of = (...outcomes: TestOutcome[]) =>
    joinParts(outcomes.map((outcome, index) => aPart(index + 1, 'failed', anAttempt(outcome)))).attempts[0]?.outcome;
  expect(of(red('a', { isQuarantined: true }), green('b'))).toMatchObject({ isQuarantined: true });
  expect(of(red('a', { isQuarantined: true }), red('b'))).not.toHaveProperty('isQuarantined');
});

test('whoever brings the last part gets the file', () => {
  const parts = new PartCollector();
  expect(parts.add(aPart(2, 'passed', anAttempt(green('b'))))).toBeNull();
  const other: FileResult = { path: 'short', repeat: 1, estimateMs: null, verdict: 'passed', attempts: [] };
  expect(parts.add(other)).toBe(other);
  expect(parts.add(aPart(1, 'passed', anAttempt(green('a'))))).toMatchObject({ path: 'long', verdict: 'passed' });
});

const tasks = fc
  .array(fc.record({ of: fc.integer({ min: 1, max: 6 }), repeats: fc.integer({ min: 1, max: 2 }) }), { maxLength: 30 })
  .chain((files) => {
    const all = files.flatMap(({ of, repeats }, at) =>
      Array.from({ length: repeats }, (_, repeat) =>
        Array.from({ length: of }, (_, index): PlannedFile => {
          return { path: `f${at}`, repeat: repeat + 1, estimateMs: 1, ...(of > 1 && { part: part(index + 1, of) }) };
        }),
      ).flat(),
    );
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

test('slices hold every task once, all parts of a file together, and keep the order', () => {
  fc.assert(
    fc.property(tasks, fc.integer({ min: 1, max: 20 }), (order, size) => {
      const slices = slicesOf(order, size);
      expect(new Set(slices.flat())).toEqual(new Set(order));
      expect(slices.flat()).toHaveLength(order.length);
      for (const slice of slices) {
        const places = slice.map((task) => order.indexOf(task));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
      const homes = new Map<string, Set<number>>();
      for (const [at, slice] of slices.entries())
        for (const { path, repeat } of slice) {
          const key = `${path} ${repeat}`;
          homes.set(key, (homes.get(key) ?? new Set()).add(at));
        }
      expect([...homes.values()].every((home) => home.size === 1)).toBe(true);
      expect(slices.reduce((sum, slice) => sum + wholeFiles(slice).length, 0)).toBe(wholeFiles(order).length);
    }),
  );
});
