/** How often something is said or asked, by what each answer takes: on a busy machine that takes processor time from the tests. */
export type Pacing = { readonly leastMs: number; readonly perAnswer: number; readonly longestMs: number };

/** Until the next time, in ms, after an answer that took so long: so many times that, within bounds. */
export function pauseAfter(tookMs: number, { leastMs, perAnswer, longestMs }: Pacing): number {
  return Math.max(leastMs, Math.min(longestMs, perAnswer * tookMs));
}
