import { OBJECTS, type RecordInput } from '../../core/border/index.js';
import { RunnerError } from '../../core/errors.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { TestCase } from '../../core/model/cases.js';
import { companyOf, seenOf } from '../../core/model/company.js';
import type { FileResult } from '../../core/model/suite.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/**
 * Writes finished files to the store, notes those that collided with others, and returns the current fleet. Idempotent: results are
 * keyed by (run, file, attempt).
 */
export const createRecord =
  ({ results, claimChecks, lookAtFleet }: ControlAdapters) =>
  ({ suite, runId, files, testsQueue, gone }: RecordInput): Promise<FleetSnapshot> =>
    asFailure(async () => {
      const complete: FileResult[] = [];
      for (const file of files) {
        const attempts: AttemptRecord[] = [];
        for (const record of file.attempts) attempts.push(await withCases(claimChecks, file.path, record));
        complete.push({ ...file, attempts });
      }
      await results.recordFiles({ suite, runId }, complete);
      const collided = complete.filter((file) => companyOf(file) === 'collides');
      const sinceMs = Date.now();
      await results.keepApart(
        suite,
        collided.map((file) => ({ path: file.path, seen: seenOf(file), sinceMs })),
      );
      return lookAtFleet(testsQueue, gone);
    });

/** The record with its cases inline. Throws RUN_UNREADABLE if they are not in the object store. */
async function withCases(
  claimChecks: ControlAdapters['claimChecks'],
  path: string,
  record: AttemptRecord,
): Promise<AttemptRecord> {
  const { outcome } = record;
  if (outcome.kind === 'lost' || outcome.report.kind === 'inline') return record;
  const cases: TestCase[] = [];
  for (const piece of outcome.report.kind === 'pieces' ? outcome.report.pieces : [outcome.report]) {
    const value = await claimChecks.unpack(piece, OBJECTS.cases);
    if (value === null)
      throw new RunnerError(
        'RUN_UNREADABLE',
        `The object store here does not have the cases of ${path} that ${record.worker} wrote.`,
      );
    cases.push(...value);
  }
  return { ...record, outcome: { ...outcome, report: { kind: 'inline', value: cases } } };
}
