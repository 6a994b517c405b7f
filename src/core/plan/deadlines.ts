/** How deadlines follow from recorded durations. */
export type HistoryDeadlines = { readonly softFactor: number; readonly hardFactor: number; readonly floorMs: number };

/** When an attempt gets SIGTERM, and how much later SIGKILL. */
export type FileDeadline = { readonly deadlineMs: number; readonly killGraceMs: number };

/**
 * The deadlines of a file by its usual duration: soft `max(softFactor × usual, floor)`, hard `max(hardFactor × usual, floor)`.
 * They are at least the suite's grace apart and never beyond `longestMs`, which timers can hold.
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
