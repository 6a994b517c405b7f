import { Context } from '@temporalio/activity';
import { DEFAULTS } from '../../core/defaults.js';

/** Beats while a step of bookkeeping works, so that a control worker that dies in the middle is noticed and the step repeated elsewhere. */
export function whileBeating<Args extends unknown[], Result>(
  step: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const context = Context.current();
    const beats = setInterval(() => context.heartbeat(), DEFAULTS.bookkeepingBeatMs);
    try {
      return await step(...args);
    } finally {
      clearInterval(beats);
    }
  };
}
