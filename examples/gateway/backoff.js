/**
 * Pauses before each repeat: doubling up to a longest one, each drawn between zero and its limit, so that clients that failed together
 * do not come back together.
 */
export function* backoff({ firstMs, longestMs, repeats, random = Math.random }) {
  for (let repeat = 0; repeat < repeats; repeat += 1) yield random() * Math.min(longestMs, firstMs * 2 ** repeat);
}

/** Repeats an action until it succeeds or the pauses are used up; then throws what it threw last. */
export async function withBackoff(action, pauses, sleep) {
  for (const pauseMs of pauses) {
    try {
      return await action();
    } catch {
      await sleep(pauseMs);
    }
  }
  return action();
}
