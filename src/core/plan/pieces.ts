import { DEFAULTS } from '../defaults.js';
import type { PlannedFile } from '../model/suite.js';
import { mayShare } from './dispatch-size.js';

/**
 * Cuts a suite whose files share processes (`isolation: suite`) into pieces, one for each slot and of about the same length. Files stay in
 * their order. One that cannot share a dispatch is a piece of its own.
 */
export class Pieces {
  /** Pieces that remain; null before the first one. */
  #left: number | null = null;

  /** How many of the waiting files, from the first on, go into the next piece; at least 1. `slots`: those that the run may use. */
  next(files: readonly PlannedFile[], slots: number): number {
    this.#left ??= slots || DEFAULTS.windowOfUnseenFleet;
    const lengthsMs = lengthsOf(files);
    const shareMs = lengthsMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.#left);
    this.#left -= 1;
    let sumMs = 0;
    let count = 0;
    for (const file of files) {
      if (!mayShare(file)) break;
      const lengthMs = lengthsMs[count] ?? 0;
      // The middle of a file decides to which piece it belongs.
      if (count > 0 && this.#left > 0 && sumMs + lengthMs / 2 > shareMs) break;
      sumMs += lengthMs;
      count += 1;
    }
    return Math.max(1, count);
  }
}

/** The estimates in ms. A file without one counts as the mean of the others. */
function lengthsOf(files: readonly PlannedFile[]): readonly number[] {
  const known = files.flatMap(({ estimateMs }) => (estimateMs === null ? [] : [estimateMs]));
  const meanMs = known.length === 0 ? 1 : known.reduce((sum, ms) => sum + ms, 0) / known.length;
  return files.map(({ estimateMs }) => estimateMs ?? meanMs);
}
