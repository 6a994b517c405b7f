import { expect, test } from 'vitest';
import { runIdOf, workflowIdOf } from '../../src/core/model/suite.js';

test.each(['pipeline-7', '900-tests.2', 'nightly-2026-11-24T01:00:00Z'])('the run %s is read back from its workflow', (runId) => {
  expect(runIdOf(workflowIdOf('unit', runId))).toBe(runId);
});

test('the time that Temporal appends to a schedule’s workflow id is a part of the run’s', () => {
  expect(runIdOf(`${workflowIdOf('unit', 'nightly')}-2026-11-24T01:00:00Z`)).toBe('nightly-2026-11-24T01:00:00Z');
});
