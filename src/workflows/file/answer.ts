import { ApplicationFailure } from '@temporalio/workflow';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { NOT_SIGNED } from '../../core/model/refused.js';

/** The records in the answer of a dispatch. Throws if it is none: something else of the same dispatch, which is signed as well. */
export function recordsIn(answer: unknown): readonly AttemptRecord[] {
  if (isRecords(answer)) return answer;
  throw ApplicationFailure.nonRetryable('The answer of the dispatch is not one of a worker.', NOT_SIGNED);
}

function isRecords(answer: unknown): answer is readonly AttemptRecord[] {
  return Array.isArray(answer) && answer.every(isRecord);
}

function isRecord(record: unknown): record is AttemptRecord {
  if (typeof record !== 'object' || record === null || !('worker' in record && 'startedAtMs' in record && 'outcome' in record))
    return false;
  const { outcome } = record;
  return typeof outcome === 'object' && outcome !== null && 'kind' in outcome && typeof outcome.kind === 'string';
}
