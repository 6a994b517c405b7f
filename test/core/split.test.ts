import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import { type CaseName, type CasesSeen, canBeSplit, type SplitAim, selectionOf, splitFile } from '../../src/core/plan/split.js';

const seenOf = (durations: Readonly<Record<string, number>>, more: Partial<CasesSeen> = {}): CasesSeen => ({
  durationMs: Object.values(durations).reduce((sum, ms) => sum + ms, 0),
  processes: 1,
  cases: Object.entries(durations).map(([name, durationMs]) => ({ name: name.split(' > '), durationMs })),
  ...more,
});
const upTo = (mostMs: number, framework: FrameworkName): SplitAim => ({
  framework: { name: framework },
  mostMs,
  workMs: 0,
  slots: 0,
});
const titles = (names: readonly CaseName[]) => names.map((name) => name.join(' > ')).sort();

test('the longest cases go to different parts, and the last takes whatever no other names', () => {
  const cut = splitFile(seenOf({ a: 500, b: 400, c: 300, d: 200, e: 100 }), upTo(500, 'vitest'));
  expect(cut?.estimatesMs).toEqual([500, 500, 500]);
  expect(cut?.named.map(titles)).toEqual([
    ['c', 'd'],
    ['b', 'e'],
  ]);
});

test('what a process does before its first case is expected of each part, and counts for their number', () => {
  const cut = splitFile(seenOf({ a: 400, b: 400 }, { durationMs: 1_000 }), upTo(600, 'pytest'));
  expect(cut?.estimatesMs).toEqual([600, 600]);
  expect(splitFile(seenOf({ a: 400, b: 400 }, { durationMs: 1_200, processes: 2 }), upTo(600, 'pytest'))?.estimatesMs).toEqual([
    600, 600,
  ]);
  expect(splitFile(seenOf({ a: 400, b: 400 }, { durationMs: 1_000 }), upTo(1_000, 'pytest'))).toBeNull();
});

test('a file that takes longer to begin than its cases to run stays whole; one that nearly does is cut less', () => {
  const cases = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`case ${at}`, 100]));
  expect(splitFile(seenOf(cases, { durationMs: 2_100 }), upTo(100, 'pytest'))).toBeNull();
  expect(splitFile(seenOf(cases, { durationMs: 1_300 }), upTo(100, 'pytest'))?.named).toHaveLength(2);
});

test('parts are as small as is worth their overhead on the slots there are, and never larger than asked', () => {
  const seen = seenOf(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`case ${at}`, 1_000])), { durationMs: 60_500 });
  const partsFor = (aim: Partial<SplitAim>) =>
    splitFile(seen, { ...upTo(30_000, 'pytest'), workMs: 120_000, slots: 4, ...aim })?.estimatesMs;
  expect(partsFor({})).toHaveLength(Math.ceil(60_500 / Math.sqrt((2 * 500 * 120_000) / 4)));
  expect(partsFor({ slots: 16 })?.length).toBeGreaterThan(partsFor({})?.length ?? 0);
  expect(Math.max(...(partsFor({ mostMs: 3_000 }) ?? []))).toBeLessThanOrEqual(3_500);
  expect(partsFor({ slots: 0 })).toHaveLength(3);
});

test('a file of one case stays whole, however long', () => {
  expect(splitFile(seenOf({ a: 60_000 }), upTo(1_000, 'mocha'))).toBeNull();
  expect(splitFile(seenOf({}), upTo(1_000, 'mocha'))).toBeNull();
});

test('cases that a framework cannot tell apart stay together', () => {
  const cut = splitFile(seenOf({ 'A > b': 500, 'a b': 400, 'A b': 300, c: 900 }), upTo(1_000, 'jest'));
  expect(cut?.named.map(titles)).toEqual([['c']]);
  expect(cut?.estimatesMs).toEqual([900, 1_200]);
});

test('of JUnit methods are cut, with the time of all their runs', () => {
  const seen = seenOf({
    'Inner > a() > #1': 200,
    'Inner > a() > #2': 300,
    'b() > #1 > #1': 400,
    '#1 > c()': 200,
    '#2 > c()': 250,
  });
  const cut = splitFile(seen, upTo(500, 'junit'));
  expect(cut?.named.map(titles)).toEqual([['b()'], ['c()']]);
  expect(cut?.estimatesMs).toEqual([400, 450, 500]);
});

test('of go the outermost tests are cut, with the time of all inside them', () => {
  const seen = seenOf({ TestA: 800, 'TestA > one': 300, 'TestA > two': 500, TestB: 700, TestC: 100 }, { durationMs: 1_600 });
  const cut = splitFile(seen, upTo(900, 'go'));
  expect(cut?.named.map(titles)).toEqual([['TestB', 'TestC']]);
  expect(cut?.estimatesMs).toEqual([800, 800]);
});

test('names that would make a command line too long stay with the last part', () => {
  const long = (at: number) => `${at}`.padEnd(1_000, 'x');
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [long(at), 100]));
  const cut = splitFile(seenOf(many), upTo(5_000, 'vitest'));
  const characters = JSON.stringify(cut?.named).length;
  expect(characters).toBeGreaterThan(0.9 * DEFAULTS.selectionCharacters);
  expect(characters).toBeLessThan(1.1 * DEFAULTS.selectionCharacters);
});

const caseNames = fc.array(fc.constantFrom('a', 'A', 'b', 'c d', 'c', 'd', 'x::y', '[1]'), { minLength: 1, maxLength: 3 });

test('every case, known or new, belongs to exactly one part', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: caseNames, durationMs: fc.nat(2_000) }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 4_000 }),
      caseNames,
      fc.constantFrom<FrameworkName>('vitest', 'pytest', 'go'),
      (cases, partMs, fresh, framework) => {
        const cut = splitFile({ durationMs: 5_000, processes: 1, cases }, upTo(partMs, framework));
        if (cut === null) return;
        const of = cut.named.length + 1;
        expect(cut.estimatesMs).toHaveLength(of);
        for (const { name } of [...cases, { name: fresh }]) {
          const own = framework === 'go' ? name.slice(0, 1) : name;
          const isNamed = (names: readonly CaseName[]) => names.some((other) => other.join(' ') === own.join(' '));
          const takers = Array.from({ length: of }, (_, index) => selectionOf({ number: index + 1, of }, cut.named)).filter(
            ({ kind, names }) => isNamed(names) === (kind === 'only'),
          );
          expect(takers).toHaveLength(1);
        }
      },
    ),
  );
});

test.each([
  ['vitest', [], true],
  ['vitest', ['-t', 'smoke'], false],
  ['jest', ['--testNamePattern=smoke'], false],
  ['mocha', ['--grep', 'smoke'], true],
  ['pytest', ['-k', 'smoke'], true],
  ['go', ['-run', 'Smoke'], false],
  ['go', ['-race'], true],
  ['command', [], false],
  ['node', [], false],
] as const)('%s with %j: %s', (name, args, can) => {
  expect(canBeSplit({ name, args })).toBe(can);
});
