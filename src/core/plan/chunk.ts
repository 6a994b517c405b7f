import { DEFAULTS } from '../defaults.js';
import { claimOf } from '../model/claims.js';
import { type FrameworkName, factsOf } from '../model/frameworks.js';
import type { PlannedFile } from '../model/suite.js';

/** What is still to be dispatched, and who waits for it. */
export type Backlog = {
  /** Sum of the estimates of the files that wait. */
  readonly waitingMs: number;
  /** Slots of the workers seen. */
  readonly slots: number;
  /** What a call for several files costs beside them; 0 where there is none. */
  readonly callMs: number;
};

/**
 * Divides what waits into chunks, files that go to a worker together. Each costs a dispatch and a call, so they are few; and the last ones are as long
 * as estimates may be trusted, so that all slots end together: in rounds of one chunk for each slot, as factoring does (Hummel, Schonberg and Flynn, 1992).
 */
export class Chunking {
  /** Chunks that what waits makes. */
  #planned = 0;
  /** Of them, those until it is divided anew. */
  #ofRound = 0;

  /** How many of these files, from the first on, go together now; 1 where the first goes by itself. */
  next(files: readonly PlannedFile[], backlog: Backlog): number {
    if (this.#ofRound === 0) {
      this.#ofRound = backlog.slots || DEFAULTS.windowOfUnseenFleet;
      this.#planned = this.#ofRound * chunksForEachSlot({ ...backlog, slots: this.#ofRound });
    }
    const shareMs = backlog.waitingMs / this.#planned;
    this.#planned -= 1;
    this.#ofRound -= 1;
    return lengthWithin(files, Math.max(DEFAULTS.chunk.leastMs, shareMs));
  }
}

/**
 * Chunks of `p` cost `price × perSlot ÷ p`, and at the end slots wait for each other for a part of `p` that estimates are wrong by: the sum is least at
 * `p = √(price × perSlot ÷ error)`.
 */
function chunksForEachSlot({ waitingMs, slots, callMs }: Backlog): number {
  const { longestMs, dispatchMs, error, mostPrices } = DEFAULTS.chunk;
  const perSlotMs = waitingMs / slots;
  const priceMs = dispatchMs + callMs;
  const leastCount = Math.ceil(perSlotMs / Math.max(longestMs, priceMs * mostPrices));
  return Math.max(1, leastCount, Math.round(Math.sqrt((error * perSlotMs) / priceMs)));
}

/** The same for runs that were begun before there were rounds, whose histories are replayed. */
export function lengthOfGuided(files: readonly PlannedFile[], { waitingMs, slots, callMs }: Backlog): number {
  const { leastMs, longestMs } = DEFAULTS.chunk;
  const perSlotMs = waitingMs / Math.max(1, slots);
  return lengthWithin(files, Math.max(leastMs, Math.min(longestMs, Math.max(Math.sqrt(2 * callMs * perSlotMs), perSlotMs / 3))));
}

function lengthWithin(files: readonly PlannedFile[], budgetMs: number): number {
  let sumMs = 0;
  let count = 0;
  for (const file of files) {
    if (count === DEFAULTS.chunk.mostFiles || file.estimateMs === null || !mayShare(file)) break;
    sumMs += file.estimateMs;
    if (sumMs > budgetMs * (1 + Number.EPSILON * files.length)) break; // Sums of the same numbers differ by that.
    count += 1;
  }
  return Math.max(1, count);
}

/** How long a chunk may take before the file that runs gives way to those behind it, in ms. */
export function patienceMs(files: readonly PlannedFile[], framework: FrameworkName): number {
  const { factor, leastMs } = DEFAULTS.chunkPatience;
  const { unexpectedMs } = factsOf(framework);
  return Math.max(
    leastMs,
    files.reduce((sum, { estimateMs }) => sum + factor * (estimateMs ?? 0) + unexpectedMs, 0),
  );
}

/** Nothing is asked of a file in a chunk but to be run once on one slot, and again where its worker is lost or another file needs its turn. */
function mayShare(file: PlannedFile): boolean {
  const { repeat, part, slots = 1, memoryMb, repeatable } = file;
  return (
    repeat === 1 && part === undefined && slots === 1 && memoryMb === undefined && repeatable !== false && claimOf(file) === null
  );
}
