import { ApplicationFailure } from '@temporalio/common';
import { isErrorCode, isOfTheMachine, messageOf } from '../../core/errors.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { DiscoverInput, Manifest } from './discover.js';
import { isTakenAway } from './lease.js';
import type { RunFilesInput } from './run-files.js';
import type { TestAdapters } from './test-adapters.js';

type Work = {
  readonly discover: (input: DiscoverInput) => Promise<Manifest>;
  readonly runFiles: (input: RunFilesInput) => Promise<readonly AttemptRecord[]>;
};

/** The same work; what it says of this worker is told before its result. */
export function reportHealth({ discover, runFiles }: Work, { tellHealth, whyUnfit }: TestAdapters): Work {
  const tell = async (work: string, refusal: string | null | undefined) => {
    if (refusal === undefined) return;
    if (refusal === null) return tellHealth({ kind: 'ran' });
    const unfit = await whyUnfit();
    tellHealth(unfit === null ? { kind: 'refused', work, reason: refusal } : { kind: 'unfit', reason: unfit });
  };
  return {
    async discover(input) {
      const work = `the listing of ${input.suite}`;
      const manifest = await discover(input).catch((error: unknown) =>
        tell(work, refusalIn(error)).then(() => Promise.reject(error)),
      );
      await tell(work, null);
      return manifest;
    },
    async runFiles(input) {
      const workOf = (index: number) => `${input.common.suite}/${input.files[index]?.path}`;
      const records = await runFiles(input).catch((error: unknown) =>
        tell(workOf(0), refusalIn(error)).then(() => Promise.reject(error)),
      );
      await tell(workOf(records.length - 1), refusalOf(records));
      return records;
    },
  };
}

/** null where the last file ran; undefined where nothing is known. A dispatch ends with the first file that cannot run. */
function refusalOf(records: readonly AttemptRecord[]): string | null | undefined {
  const outcome = records.at(-1)?.outcome;
  if (outcome?.kind !== 'lost') return outcome && null;
  return outcome.cause === 'broken' ? outcome.reason : undefined;
}

/** undefined where the work was taken away, or the suite is to blame. */
function refusalIn(error: unknown): string | undefined {
  if (isTakenAway(error)) return undefined;
  const isOfTheSuite = error instanceof ApplicationFailure && isErrorCode(error.type) && !isOfTheMachine(error.type);
  return isOfTheSuite ? undefined : messageOf(error);
}
