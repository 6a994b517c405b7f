import { ApplicationFailure } from '@temporalio/common';
import { isErrorCode, isOfTheMachine, messageOf } from '../../core/errors.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { RunTestFileInput } from './attempt-file.js';
import type { DiscoverInput, Manifest } from './discover.js';
import { isTakenAway } from './lease.js';
import type { RunChunkInput } from './run-chunk.js';
import type { TestAdapters } from './test-adapters.js';

type Work = {
  readonly discover: (input: DiscoverInput) => Promise<Manifest>;
  readonly runTestFile: (input: RunTestFileInput) => Promise<AttemptRecord | null>;
  readonly runChunk: (input: RunChunkInput) => Promise<readonly AttemptRecord[]>;
};

/** The same work; what it says of this worker is told before its result. */
export function reportHealth({ discover, runTestFile, runChunk }: Work, { tellHealth, whyUnfit }: TestAdapters): Work {
  const telling = async <T>(
    work: string,
    result: Promise<T>,
    refusalOf: (result: T) => string | null | undefined,
  ): Promise<T> => {
    const tell = async (reason: string | null | undefined) => {
      if (reason === undefined) return;
      if (reason === null) return tellHealth({ kind: 'ran' });
      const unfit = await whyUnfit();
      tellHealth(unfit === null ? { kind: 'refused', work, reason } : { kind: 'unfit', reason: unfit });
    };
    try {
      const done = await result;
      await tell(refusalOf(done));
      return done;
    } catch (error) {
      await tell(refusalIn(error));
      throw error;
    }
  };
  return {
    discover: (input) => telling(`the listing of ${input.suite}`, discover(input), () => null),
    runTestFile: (input) => telling(`${input.suite}/${input.path}`, runTestFile(input), refusalOfAttempt),
    runChunk: (input) => telling(`${input.shared.suite}/${input.files[0]?.path}`, runChunk(input), refusalOfChunk),
  };
}

/** null where the file ran; undefined where nothing is known. */
function refusalOfAttempt(record: AttemptRecord | null): string | null | undefined {
  if (record === null) return undefined;
  const { outcome } = record;
  if (outcome.kind !== 'lost') return null;
  return outcome.cause === 'broken' ? outcome.reason : undefined;
}

/** A chunk ends with the first file that cannot be run. */
const refusalOfChunk = (records: readonly AttemptRecord[]) => refusalOfAttempt(records.at(-1) ?? null);

/** undefined where the work was taken away, or the suite is to blame. */
function refusalIn(error: unknown): string | undefined {
  if (isTakenAway(error)) return undefined;
  const isOfTheSuite = error instanceof ApplicationFailure && isErrorCode(error.type) && !isOfTheMachine(error.type);
  return isOfTheSuite ? undefined : messageOf(error);
}
