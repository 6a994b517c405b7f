/** How often to poll, depending on how long answers take, because polling takes CPU time from the tests. */
export type Pacing = { readonly leastMs: number; readonly perAnswer: number; readonly longestMs: number };

/** Pause before the next poll: `perAnswer` × the duration of the last answer, clamped to [`leastMs`, `longestMs`]. */
export function pauseAfter(tookMs: number, { leastMs, perAnswer, longestMs }: Pacing): number {
  return Math.max(leastMs, Math.min(longestMs, perAnswer * tookMs));
}
