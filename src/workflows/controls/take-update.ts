import { ApplicationFailure, type defineUpdate, setHandler } from '@temporalio/workflow';
import { type NO_SUCH_FILE, REFUSED } from '../../core/model/change.js';

type Update<Result, Args extends unknown[]> = ReturnType<typeof defineUpdate<Result, Args>>;

/**
 * Handles an update: `check` changes nothing and throws a refusal if the update is not possible; otherwise `apply` makes the
 * change. Both must declare a parameter, or TypeScript infers that the update takes none.
 */
export function takeUpdate<Result, Args extends unknown[]>(
  update: Update<Result, Args>,
  {
    description,
    check,
    apply,
  }: {
    readonly description: string;
    readonly check: (...args: Args) => void;
    readonly apply: (...args: Args) => Result;
  },
): void {
  setHandler(update, apply, { description, validator: check });
}

export function refusal(sentence: string, type: typeof REFUSED | typeof NO_SUCH_FILE = REFUSED): ApplicationFailure {
  return ApplicationFailure.nonRetryable(sentence, type);
}

/** Requester of an update that names none, as from Temporal's Web UI. */
export const SOMEONE = 'someone';
