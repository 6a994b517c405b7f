import { ApplicationFailure, log, type WorkflowInterceptors } from '@temporalio/workflow';
import { NOT_SIGNED, refusalAmong, refusalOf } from '../core/model/refused.js';

/**
 * Refuses what the worker's codec has marked as not signed by a key of ours, so that it concerns only itself: a workflow with such an input
 * fails, a signal is ignored, an update or a query is rejected, and the answer of an activity or a child is a failure.
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: async (input, next) => next(signed(input, 'input')),
      async handleSignal(input, next) {
        const why = refusalAmong(input.args);
        if (why === null) return next(input);
        log.warn(`The signal ${input.signalName} is ignored: ${why}.`);
      },
      validateUpdate: (input, next) => next(signed(input, `update ${input.name}`)),
      handleQuery: async (input, next) => next(signed(input, `query ${input.queryName}`)),
    },
  ],
  outbound: [
    {
      scheduleActivity: async (input, next) => answer(await next(input), `activity ${input.activityType}`),
      async startChildWorkflowExecution(input, next) {
        const [started, result] = await next(input);
        const checked = result.then((value) => answer(value, input.workflowType));
        checked.catch(() => undefined); // Whoever awaits it learns of it.
        return [started, checked];
      },
    },
  ],
});

function signed<T extends { readonly args: unknown[] }>(input: T, what: string): T {
  const why = refusalAmong(input.args);
  if (why === null) return input;
  throw ApplicationFailure.nonRetryable(`The ${what} is refused: ${why}.`, NOT_SIGNED);
}

function answer<T>(value: T, what: string): T {
  const why = refusalOf(value);
  if (why === null) return value;
  throw ApplicationFailure.nonRetryable(`The answer of ${what} is refused: ${why}.`, NOT_SIGNED);
}
