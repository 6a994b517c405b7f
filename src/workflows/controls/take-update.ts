import { ApplicationFailure, type defineUpdate, setHandler } from '@temporalio/workflow';
import { type NO_SUCH_FILE, REFUSED, requesterIn } from '../../core/model/change.js';
import type { SuiteInput } from '../../core/model/suite.js';

type Update<Result, Args extends unknown[]> = ReturnType<typeof defineUpdate<Result, Args>>;

/**
 * Handles an update: `check` changes nothing and throws a refusal if the update is not possible; otherwise `apply` makes the
 * change on behalf of `who`. Both must declare every parameter: the last is the request, and TypeScript infers
 * from them what the update takes. In a run whose input is signed, an update must name itself and come once: what it changes decides on
 * green and red.
 */
export function takeUpdate<Result, Args extends unknown[]>(
  update: Update<Result, Args>,
  {
    description,
    check,
    apply,
    input,
  }: {
    readonly description: string;
    readonly check: (...args: Args) => void;
    readonly apply: (who: string, ...args: Args) => Result;
    readonly input: Pick<SuiteInput, 'isSigned'>;
  },
): void {
  const seen = new Set<string>();
  const requestIn = (args: Args) => requesterIn(args[check.length - 1]);
  const checkRequest = (args: Args) => {
    if (!input.isSigned) return;
    const request = requestIn(args);
    if (request === null || typeof request === 'string')
      throw refusal('In this run, changes are only taken from commands of Holdfast that have its key.');
    if (request.update !== update.name) throw refusal(`This request is for another change, ${request.update}.`);
    if (seen.has(request.id)) throw refusal('This request has been served before.');
  };
  const handle = (...args: Args): Result => {
    const request = requestIn(args);
    if (request !== null && typeof request !== 'string') seen.add(request.id);
    return apply(request === null ? SOMEONE : typeof request === 'string' ? request : request.who, ...args);
  };
  setHandler(update, handle, {
    description,
    validator: (...args: Args) => {
      checkRequest(args);
      check(...args);
    },
  });
}

export function refusal(sentence: string, type: typeof REFUSED | typeof NO_SUCH_FILE = REFUSED): ApplicationFailure {
  return ApplicationFailure.nonRetryable(sentence, type);
}

/** Requester of an update that names none, as from Temporal's Web UI. */
const SOMEONE = 'someone';
