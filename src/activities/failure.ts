import { ApplicationFailure } from '@temporalio/common';
import { isMachineFault, RunnerError } from '../core/errors.js';

/**
 * Turns a RunnerError into an ApplicationFailure whose type is the error's code, because Temporal does not preserve classes. It
 * is not retryable unless another machine may succeed. Other errors pass unchanged, subject to the retry policy.
 */
export async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    throw ApplicationFailure.create({
      message: error.what,
      type: error.code,
      nonRetryable: !isMachineFault(error.code),
      cause: error,
    });
  }
}
