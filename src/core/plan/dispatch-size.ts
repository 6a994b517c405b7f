import { DEFAULTS } from '../defaults.js';
import type { AttemptRecord } from '../model/attempt.js';
import { type FrameworkName, factsOf } from '../model/frameworks.js';
import { permitsFor } from '../model/permits.js';
import type { FrameworkSpec, PlannedFile } from '../model/suite.js';

/** What the chunks of a suite depend on beside its files. */
type Backlog = {
  /** Sum of the estimates of the files that wait. */
  readonly waitingMs: number;
  /** Slots of the workers seen. */
  readonly slots: number;
  /** What a call for several files costs beside them; 0 where there is none. */
  readonly callMs: number;
};

/**
 * Divides the files that wait into chunks, which go to a worker together. Each costs a dispatch and a call, so they are few; and the last ones are as
 * long as estimates may be trusted, so that all slots end together: in rounds of one chunk for each slot, as factoring does (Hummel, Schonberg and
 * Flynn, 1992). Only suites whose framework processes are kept have chunks: the start of a process is many times a dispatch.
 */
export class DispatchSizing {
  readonly #isShared: boolean;
  #callMs: number;
  /** Chunks that the files still waiting make. */
  #planned = 0;
  /** Of them, those until the rest is divided anew. */
  #ofRound = 0;

  constructor({ name, warm }: Pick<FrameworkSpec, 'name' | 'warm'>) {
    this.#isShared = warm !== undefined;
    this.#callMs = factsOf(name).callMs;
  }

  /** How many of the waiting files, from the first on, go together now; 1 where the first goes alone. `slots` are those of the workers seen. */
  next(files: readonly PlannedFile[], slots: number): number {
    if (!this.#isShared) return 1;
    const waitingMs = files.reduce((sum, { estimateMs }) => sum + (estimateMs ?? 0), 0);
    if (this.#ofRound === 0) {
      this.#ofRound = slots || DEFAULTS.windowOfUnseenFleet;
      this.#planned = this.#ofRound * dispatchesPerSlot({ waitingMs, slots: this.#ofRound, callMs: this.#callMs });
    }
    const shareMs = waitingMs / this.#planned;
    this.#planned -= 1;
    this.#ofRound -= 1;
    return lengthWithin(files, Math.max(DEFAULTS.sharedDispatch.leastMs, shareMs));
  }

  /** A call tells its price with the first file of it. */
  learn(records: readonly AttemptRecord[]): void {
    for (const { outcome } of records)
      if (outcome.kind === 'passed' && outcome.callMs !== undefined) this.#callMs = outcome.callMs;
  }
}

/**
 * Chunks of `p` cost `price × perSlot ÷ p`, and at the end slots wait for each other for a part of `p` that estimates are wrong by: the sum is least at
 * `p = √(price × perSlot ÷ error)`.
 */
function dispatchesPerSlot({ waitingMs, slots, callMs }: Backlog): number {
  const { longestMs, dispatchMs, error, mostPrices } = DEFAULTS.sharedDispatch;
  const perSlotMs = waitingMs / slots;
  const priceMs = dispatchMs + callMs;
  const leastCount = Math.ceil(perSlotMs / Math.max(longestMs, priceMs * mostPrices));
  return Math.max(1, leastCount, Math.round(Math.sqrt((error * perSlotMs) / priceMs)));
}

function lengthWithin(files: readonly PlannedFile[], budgetMs: number): number {
  let sumMs = 0;
  let count = 0;
  for (const file of files) {
    if (count === DEFAULTS.sharedDispatch.mostFiles || file.estimateMs === null || !mayShare(file)) break;
    sumMs += file.estimateMs;
    if (sumMs > budgetMs * (1 + Number.EPSILON * files.length)) break; // Sums of the same numbers differ by that.
    count += 1;
  }
  return Math.max(1, count);
}

/** How long a chunk may take before the file that runs gives way to those behind it, in ms. */
export function patienceMs(files: readonly PlannedFile[], framework: FrameworkName): number {
  const { factor, leastMs } = DEFAULTS.dispatchPatience;
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
    repeat === 1 &&
    part === undefined &&
    slots === 1 &&
    memoryMb === undefined &&
    repeatable !== false &&
    permitsFor(file) === null
  );
}
