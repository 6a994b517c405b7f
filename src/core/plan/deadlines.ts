/** How deadlines follow from recorded durations. */
export type HistoryDeadlines = { readonly softFactor: number; readonly hardFactor: number; readonly floorMs: number };

/** When an attempt is asked to end, and how long it may take to. */
export type FileDeadline = { readonly deadlineMs: number; readonly killGraceMs: number };

/**
 * Deadlines of a file that usually takes so long: soft `max(softFactor × usual, floor)`, hard `max(hardFactor × usual, floor)`, never closer
 * to each other than the suite's grace nor beyond `longestMs`, which its timers can hold.
 */
export function deadlineOf(
  usualMs: number,
  { softFactor, hardFactor, floorMs }: HistoryDeadlines,
  { killGraceMs, longestMs }: { readonly killGraceMs: number; readonly longestMs: number },
): FileDeadline {
  const softMs = Math.min(longestMs, Math.ceil(Math.max(softFactor * usualMs, floorMs)));
  const hardMs = Math.min(longestMs, Math.ceil(Math.max(hardFactor * usualMs, floorMs)));
  return { deadlineMs: softMs, killGraceMs: Math.max(killGraceMs, hardMs - softMs) };
}
