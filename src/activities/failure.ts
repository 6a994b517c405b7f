import { ApplicationFailure } from '@temporalio/common';
import { isOfTheMachine, RunnerError } from '../core/errors.js';

/**
 * Carries a RunnerError across Temporal, where a class is lost and its code survives as the failure's type. What a person must
 * mend is not retried, unless another machine may do better; anything else goes through as it is, for the retry policy to decide.
 */
export async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    throw ApplicationFailure.create({
      message: error.what,
      type: error.code,
      nonRetryable: !isOfTheMachine(error.code),
      cause: error,
    });
  }
}
