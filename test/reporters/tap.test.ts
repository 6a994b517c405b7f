import { expect, test } from 'vitest';
import { toTap } from '../../src/reporters/tap.js';
import { aCase, anOutcome, aReport, aResult } from './samples.js';

test('each file is a test point, its cases a subtest before it', () => {
  const files = [
    aResult('a.test.ts', 'passed', [anOutcome('passed', [aCase('one'), aCase('#2 \\ two', 'skipped', 'not today')])]),
    aResult('b.test.ts', 'failed', [anOutcome('failed', [aCase('three', 'failed', 'expected 1\nto be 2')])]),
  ];
  expect(toTap([aReport(files)])).toBe(`TAP version 13
1..2
    # Subtest: a.test.ts
    1..2
    ok 1 - group > one
      ---
      duration_ms: 5
      ...
    ok 2 - group > \\#2 \\\\ two # SKIP not today
      ---
      duration_ms: 5
      ...
ok 1 - a.test.ts
  ---
  duration_ms: 1000
  ...
    # Subtest: b.test.ts
    1..1
    not ok 1 - group > three
      ---
      duration_ms: 5
      message: "expected 1"
      detail: "expected 1\\nto be 2"
      ...
not ok 2 - b.test.ts
  ---
  duration_ms: 1000
  ...
`);
});

test('a case that passed on a retry is ok, and its failure is kept', () => {
  const flaky = aResult('a.test.ts', 'flaky', [
    anOutcome('failed', [aCase('one', 'failed', 'no luck')]),
    anOutcome('passed', [aCase('one')]),
  ]);
  const text = toTap([aReport([flaky])]);
  expect(text).toContain('    ok 1 - group > one\n');
  expect(text).toContain('other_attempts: ["no luck"]');
  expect(text).not.toContain('not ok');
});

test('a run that is not green without a red file is a test point of its own', () => {
  const text = toTap([aReport([], { status: 'incomplete', problem: 'The framework could not list its files.' })]);
  expect(text).toContain('1..1\n');
  expect(text).toMatch(/^not ok 1 - /m);
  expect(text).toContain('message: "The framework could not list its files."');
});
