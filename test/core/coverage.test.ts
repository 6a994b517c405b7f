import { describe, expect, test } from 'vitest';
import {
  coverageThatCounts,
  isCoverageOpen,
  lastingVerdict,
  measuredCoverage,
  withCoverage,
} from '../../src/core/model/coverage.js';
import { anOutcome, aReport, aResult, LOST } from '../reporters/samples.js';

const measured = (kind: 'passed' | 'failed', ...coverage: readonly string[]) => ({ ...anOutcome(kind), coverage });

describe('of each file, the last attempt counts', () => {
  const { files } = aReport([
    aResult('a', 'passed', [measured('passed', 'a.1')]),
    aResult('b', 'flaky', [measured('failed', 'b.1'), LOST, measured('passed', 'b.3')]),
    aResult('in-parts', 'passed', [measured('passed', 'p.1', 'p.2')]),
    aResult('unmeasured', 'failed', [measured('failed', 'u.1'), anOutcome('timedOut')]),
    aResult('lost', 'infraError', [LOST]),
  ]);

  test('once, with all its parts', () => {
    expect(coverageThatCounts(files)).toEqual(['a.1', 'b.3', 'p.1', 'p.2']);
  });

  test('and a run that measured none has none to judge', () => {
    expect(measuredCoverage(files)).toBe(true);
    expect(measuredCoverage(aReport([aResult('a', 'passed', [anOutcome('passed')])]).files)).toBe(false);
  });
});

test.each([
  ['passed', 'met', { status: 'passed', exitCode: 0, coverage: { verdict: 'met', reason: null } }],
  [
    'passed',
    'below',
    { status: 'failed', exitCode: 1, coverage: { verdict: 'below', reason: expect.stringMatching(/threshold/) } },
  ],
  ['passed', 'failed', { status: 'incomplete', exitCode: 3, coverage: { verdict: 'failed', reason: 'why' } }],
  ['incomplete', 'below', { status: 'incomplete', exitCode: 3 }],
  ['cancelled', 'failed', { status: 'cancelled', exitCode: 130 }],
] as const)('a run that %s, with coverage that is %s', (status, kind, expected) => {
  const exitCode = { passed: 0, incomplete: 3, cancelled: 130 }[status];
  const report = aReport([aResult('a', 'passed', [measured('passed', 'a.1')])], { status, exitCode });
  const judged = withCoverage(report, kind === 'failed' ? { kind, reason: 'why' } : { kind });
  expect(judged.run).toMatchObject(expected);
  expect(judged.run.coverage?.tests).toEqual({ status, exitCode });
  expect(measuredCoverage(judged.files)).toBe(kind === 'failed'); // What was merged is gone.
});

test('what could not be merged can be judged again: the tests were green', () => {
  const green = aReport([aResult('a', 'passed', [measured('passed', 'a.1')])], { status: 'passed', exitCode: 0 });
  expect(isCoverageOpen(green)).toBe(true);
  const failed = withCoverage(green, { kind: 'failed', reason: 'why' });
  expect([isCoverageOpen(failed), lastingVerdict(failed)]).toEqual([true, null]);
  const met = withCoverage(failed, { kind: 'met' });
  expect(met.run).toMatchObject({ status: 'passed', exitCode: 0, coverage: { verdict: 'met' } });
  expect([isCoverageOpen(met), lastingVerdict(met)]).toEqual([false, { kind: 'met' }]);
  expect(withCoverage(failed, { kind: 'below' }).run).toMatchObject({ status: 'failed', exitCode: 1 });
});
