import { DEFAULTS } from '../defaults.js';
import type { AttemptRecord } from '../model/attempt.js';
import { type FrameworkName, factsOf } from '../model/frameworks.js';
import { permitsFor } from '../model/permits.js';
import type { FrameworkSpec, PlannedFile } from '../model/suite.js';

/** What the size of dispatches depends on. */
type Backlog = {
  /** Sum of the estimates of the waiting files. */
  readonly waitingMs: number;
  /** Slots of the workers seen. */
  readonly slots: number;
  /** Overhead of a framework call that runs several files; 0 if there is no such call. */
  readonly callMs: number;
};

/**
 * Decides how many short files go to a worker in one dispatch. Each dispatch and call costs time, so there should be few; but the
 * last ones should be short, so that all slots finish together despite errors in the estimates. Works in rounds of one dispatch
 * per slot, like factoring (Hummel, Schonberg and Flynn, 1992). Files of suites without sessions are dispatched one by one, since
 * starting a process costs many times a dispatch.
 */
export class DispatchSizing {
  readonly #isShared: boolean;
  #callMs: number;
  /** Number of dispatches into which the waiting files are divided. */
  #planned = 0;
  /** How many of them remain in this round; then the rest is divided again. */
  #ofRound = 0;

  constructor({ name, warm }: Pick<FrameworkSpec, 'name' | 'warm'>) {
    this.#isShared = warm !== undefined;
    this.#callMs = factsOf(name).callMs;
  }

  /** How many of the waiting files, from the first on, go into the next dispatch; at least 1. `slots`: of the workers seen. */
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

  /** Learns the overhead of calls: the first file of each call reports it. */
  learn(records: readonly AttemptRecord[]): void {
    for (const { outcome } of records)
      if (outcome.kind === 'passed' && outcome.callMs !== undefined) this.#callMs = outcome.callMs;
  }
}

/**
 * Dispatches of `p` ms cost `price × perSlot ÷ p` in total, and at the end slots wait for each other by the share `error` of `p`.
 * The sum is least at `p = √(price × perSlot ÷ error)`.
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
    if (sumMs > budgetMs * (1 + Number.EPSILON * files.length)) break; // Tolerates rounding: the same numbers may add up differently.
    count += 1;
  }
  return Math.max(1, count);
}

/** How long a shared dispatch may take, in ms, before its running file gives way to those queued behind it. */
export function patienceMs(files: readonly PlannedFile[], framework: FrameworkName): number {
  const { factor, leastMs } = DEFAULTS.dispatchPatience;
  const { unexpectedMs } = factsOf(framework);
  return Math.max(
    leastMs,
    files.reduce((sum, { estimateMs }) => sum + factor * (estimateMs ?? 0) + unexpectedMs, 0),
  );
}

/** May the file share a dispatch? Only if it needs nothing but one slot and may run again if the dispatch is interrupted. */
function mayShare(file: PlannedFile): boolean {
  const { repeat, part, slots = 1, memoryMb, overlap } = file;
  return (
    repeat === 1 && part === undefined && slots === 1 && memoryMb === undefined && overlap !== false && permitsFor(file) === null
  );
}
