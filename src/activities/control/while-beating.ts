import { Context } from '@temporalio/activity';
import { DEFAULTS } from '../../core/defaults.js';

/** Sends heartbeats during a bookkeeping step, so that the step is soon repeated elsewhere if its control worker dies. */
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
