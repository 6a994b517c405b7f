import { ApplicationFailure } from '@temporalio/workflow';
import { isRefusal } from '../core/model/refused.js';

/** Somebody who completes a step of ours by hand each time must not keep a run busy for ever. */
const MOST_TIMES = 10;

/** Asks again as long as an answer is refused because it is not signed, or malformed. Whoever sent it may send more, so only a few times. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (let times = 1; ; times += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isRefusedAnswer(error) || times === MOST_TIMES) throw error;
    }
  }
}

/** Whether an activity failed only because its answer was refused. */
export function isRefusedAnswer(error: unknown): boolean {
  return error instanceof ApplicationFailure && isRefusal(error.type);
}
