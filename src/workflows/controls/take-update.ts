import { ApplicationFailure, type defineUpdate, setHandler } from '@temporalio/workflow';
import { type NO_SUCH_FILE, REFUSED } from '../../core/model/change.js';

type Update<Result, Args extends unknown[]> = ReturnType<typeof defineUpdate<Result, Args>>;

/** Lets people change a run (each function names its arguments: from those that name none, they would be inferred to be none): `check` reads only and throws a refusal, `apply` then does it. */
export function takeUpdate<Result, Args extends unknown[]>(
  update: Update<Result, Args>,
  of: {
    readonly description: string;
    readonly check: (...args: Args) => void;
    readonly apply: (...args: Args) => Result;
  },
): void {
  setHandler(update, of.apply, { description: of.description, validator: of.check });
}

export function refusal(sentence: string, type: typeof REFUSED | typeof NO_SUCH_FILE = REFUSED): ApplicationFailure {
  return ApplicationFailure.nonRetryable(sentence, type);
}

/** Who asks where nobody is named, as in Temporal's Web UI. */
export const SOMEONE = 'someone';
