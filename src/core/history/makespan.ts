/** A start and an end, epoch ms. */
export type Interval = { readonly startedAtMs: number; readonly endedAtMs: number };

/** From the first start to the last end, in ms; 0 if nothing ran. */
export function makespanOf(intervals: Iterable<Interval>): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { startedAtMs, endedAtMs } of intervals) {
    first = Math.min(first, startedAtMs);
    last = Math.max(last, endedAtMs);
  }
  return Math.max(0, last - first);
}

/**
 * The makespan of an ideal dispatcher, in ms: longest first, each to the slot that is free first (LPT). At most a third above the
 * optimum (Graham, 1969). Assumes at least one slot.
 */
export function longestFirstBound(durationsMs: readonly number[], slots: number): number {
  const ends = new Array<number>(Math.max(1, Math.min(slots, durationsMs.length))).fill(0);
  let last = 0;
  for (const durationMs of durationsMs.toSorted((a, b) => b - a)) {
    const end = (ends[0] ?? 0) + durationMs;
    last = Math.max(last, end);
    replaceLeast(ends, end);
  }
  return last;
}

/** Replaces the root of a binary min-heap by a larger value. (The children of i are at 2i + 1 and 2i + 2.) */
function replaceLeast(heap: number[], value: number): void {
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [leftValue = Number.POSITIVE_INFINITY, rightValue = Number.POSITIVE_INFINITY] = [heap[left], heap[left + 1]];
    const least = Math.min(leftValue, rightValue);
    if (least >= value) break;
    heap[place] = least;
    place = leftValue <= rightValue ? left : left + 1;
  }
  heap[place] = value;
}
