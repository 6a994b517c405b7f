import { ApplicationFailure } from '@temporalio/common';
import type { DiscoverInput, Manifest, RunFilesInput } from '../../core/border/index.js';
import { isErrorCode, isMachineFault, messageOf } from '../../core/errors.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { isRevoked } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

type Work = {
  readonly discover: (input: DiscoverInput) => Promise<Manifest>;
  readonly runFiles: (input: RunFilesInput) => Promise<readonly AttemptRecord[]>;
};

/** Wraps the activities so that what their results say about the worker's health is reported before they return. */
export function reportHealth({ discover, runFiles }: Work, { onHealthSignal, unfitReason }: TestAdapters): Work {
  const report = async (work: string, refusal: string | null | undefined) => {
    if (refusal === undefined) return;
    if (refusal === null) return onHealthSignal({ kind: 'ran' });
    const unfit = await unfitReason();
    onHealthSignal(unfit === null ? { kind: 'refused', work, reason: refusal } : { kind: 'unfit', reason: unfit });
  };
  return {
    async discover(input) {
      const work = `the listing of ${input.suite}`;
      const manifest = await discover(input).catch((error: unknown) =>
        report(work, refusalIn(error)).then(() => Promise.reject(error)),
      );
      await report(work, null);
      return manifest;
    },
    async runFiles(input) {
      const workOf = (index: number) => `${input.common.suite}/${input.files[index]?.path}`;
      const records = await runFiles(input).catch((error: unknown) =>
        report(workOf(0), refusalIn(error)).then(() => Promise.reject(error)),
      );
      await report(workOf(records.length - 1), refusalOf(records));
      return records;
    },
  };
}

/** Why the last file could not run; null if it ran, undefined if unknown. A dispatch ends with the first file that cannot run. */
function refusalOf(records: readonly AttemptRecord[]): string | null | undefined {
  const outcome = records.at(-1)?.outcome;
  if (outcome?.kind !== 'lost') return outcome && null;
  return outcome.cause === 'broken' ? outcome.reason : undefined;
}

/** The refusal that an error means; undefined if the work was taken away or the suite is to blame. */
function refusalIn(error: unknown): string | undefined {
  if (isRevoked(error)) return undefined;
  const isOfTheSuite = error instanceof ApplicationFailure && isErrorCode(error.type) && !isMachineFault(error.type);
  return isOfTheSuite ? undefined : messageOf(error);
}
