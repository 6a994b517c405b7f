import { claimOf } from './claims.js';
import { DEFAULTS } from './defaults.js';
import type { PlannedFile } from './suite.js';

/** What is still to be dispatched, and who waits for it. */
export type Backlog = {
  /** Sum of the estimates of the files that wait. */
  readonly waitingMs: number;
  /** Slots of the workers seen. */
  readonly slots: number;
  /** What a call for several files costs beside them, as last told; 0 where nothing is known of one. */
  readonly callMs: number;
};

/**
 * How many of these files, from the first on, go to a worker together, so that the price of a dispatch is shared; 1 where the first goes by
 * itself. Guided self-scheduling (Polychronopoulos and Kuck, 1987): a chunk is a share of what is left, so that chunks shrink towards the
 * end and no slot idles while files wait behind another. Where a call is dear they stay longer: chunks of `p` cost `callMs × waitingMs ÷ p` over all
 * slots, and leave slots idle for half a chunk at the end; the sum is least at the root.
 */
export function chunkLength(files: readonly PlannedFile[], { waitingMs, slots, callMs }: Backlog): number {
  const { longestMs, leastMs, perSlot, mostFiles } = DEFAULTS.chunk;
  const perSlotMs = waitingMs / Math.max(1, slots);
  const worthACallMs = Math.sqrt(2 * callMs * perSlotMs);
  const budgetMs = Math.max(leastMs, Math.min(longestMs, Math.max(worthACallMs, perSlotMs / perSlot)));
  let sumMs = 0;
  let count = 0;
  for (const file of files) {
    if (count === mostFiles || file.estimateMs === null || !mayShare(file)) break;
    sumMs += file.estimateMs;
    if (sumMs > budgetMs) break;
    count += 1;
  }
  return Math.max(1, count);
}

/** How long a chunk may take before the file that runs gives way to those behind it, in ms. */
export function patienceMs(files: readonly PlannedFile[]): number {
  const { factor, leastMs } = DEFAULTS.chunkPatience;
  return Math.max(leastMs, factor * files.reduce((sum, { estimateMs }) => sum + (estimateMs ?? 0), 0));
}

/** Nothing is asked of a file in a chunk but to be run once on one slot, and again where its worker is lost or another file needs its turn. */
function mayShare(file: PlannedFile): boolean {
  const { repeat, part, slots = 1, memoryMb, repeatable } = file;
  return (
    repeat === 1 && part === undefined && slots === 1 && memoryMb === undefined && repeatable !== false && claimOf(file) === null
  );
}
