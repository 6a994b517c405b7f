import { DEFAULTS } from '../defaults.js';
import { type FrameworkName, factsOf } from '../model/frameworks.js';
import { permitsFor } from '../model/permits.js';
import type { FileResult, FrameworkSpec, PlannedFile } from '../model/suite.js';

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
  readonly #unknown = new UnknownFiles();
  /** Number of dispatches into which the waiting files are divided. */
  #planned = 0;
  /** How many of them remain in this round; then the rest is divided again. */
  #ofRound = 0;

  /** `callMs`: the overhead of a call as earlier runs saw it; null if none did. */
  constructor({ name, warm }: Pick<FrameworkSpec, 'name' | 'warm'>, callMs: number | null) {
    this.#isShared = warm !== undefined;
    this.#callMs = callMs ?? factsOf(name).callMs;
  }

  /** How many of the waiting files, from the first on, go into the next dispatch; at least 1. `slots`: of the workers seen. */
  next(files: readonly PlannedFile[], slots: number): number {
    if (!this.#isShared) return 1;
    const waitingMs = files.reduce((sum, file) => sum + (this.#unknown.estimateMs(file) ?? 0), 0);
    if (this.#ofRound === 0) {
      this.#ofRound = slots || DEFAULTS.windowOfUnseenFleet;
      this.#planned = this.#ofRound * dispatchesPerSlot({ waitingMs, slots: this.#ofRound, callMs: this.#callMs });
    }
    const shareMs = waitingMs / this.#planned;
    this.#planned -= 1;
    this.#ofRound -= 1;
    return this.#lengthWithin(files, Math.max(DEFAULTS.sharedDispatch.leastMs, shareMs));
  }

  /** Learns from the attempts of a file: its duration if it had no estimate, and the overhead of calls, which their first file reports. */
  learn({ estimateMs, attempts }: Pick<FileResult, 'estimateMs' | 'attempts'>): void {
    for (const { outcome } of attempts) {
      if (outcome.kind !== 'passed') continue;
      if (estimateMs === null) this.#unknown.learn(outcome.durationMs);
      if (outcome.callMs !== undefined) this.#callMs = outcome.callMs;
    }
  }

  #lengthWithin(files: readonly PlannedFile[], budgetMs: number): number {
    let sumMs = 0;
    let count = 0;
    let unknown = 0;
    for (const file of files) {
      const estimateMs = this.#unknown.estimateMs(file);
      if (count === DEFAULTS.sharedDispatch.mostFiles || estimateMs === null || !mayShare(file)) break;
      if (file.estimateMs === null) unknown += 1;
      if (unknown > this.#unknown.mostTogether) break;
      sumMs += estimateMs;
      if (sumMs > budgetMs * (1 + Number.EPSILON * files.length)) break; // Tolerates rounding: the same numbers may add up differently.
      count += 1;
    }
    return Math.max(1, count);
  }
}

/** What a run knows of its files without an estimate, such as all files of a first run: the durations of those that have ended. */
class UnknownFiles {
  #lastMs: readonly number[] = [];
  #likelyMs: number | null = null;
  #ended = 0;

  learn(durationMs: number): void {
    this.#ended += 1;
    this.#lastMs = [...this.#lastMs, durationMs].slice(-DEFAULTS.sharedDispatch.filesLikeUnknown);
    this.#likelyMs = this.#lastMs.reduce((sum, ms) => sum + ms, 0) / this.#lastMs.length;
  }

  /** How many of them may share a dispatch: as many as have ended, so that it grows with what is known of them. */
  get mostTogether(): number {
    return this.#ended;
  }

  /** Without an estimate of its own, a file is taken to be like the last ones that ended; null if there are none. */
  estimateMs({ estimateMs }: PlannedFile): number | null {
    return estimateMs ?? this.#likelyMs;
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
export function mayShare(file: PlannedFile): boolean {
  const { repeat, part, slots = 1, memoryMb, overlap, apart, needs } = file;
  return (
    repeat === 1 &&
    part === undefined &&
    slots === 1 &&
    memoryMb === undefined &&
    overlap !== false &&
    apart === undefined &&
    needs === undefined &&
    permitsFor(file) === null
  );
}
