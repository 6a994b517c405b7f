import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { pauseAfter } from '../../core/schedule/pacing.js';

/** Decides when new records are worth a beat of their own, and counts what they weigh. A beat that takes long makes the next one later. */
export class EarlyBeats {
  readonly #beat: () => Promise<void>;
  #mayTellAt = performance.now() + DEFAULTS.earlyBeatPacing.leastMs;
  #sizeBytes = 0;

  /** `beat` sends all records at once and settles when that is over, heard or not. */
  constructor(beat: () => Promise<void>) {
    this.#beat = beat;
  }

  /** Of all records noted, as JSON. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  noted(record: AttemptRecord): void {
    this.#sizeBytes += JSON.stringify(record).length;
    const now = performance.now();
    if (now < this.#mayTellAt) return;
    this.#mayTellAt = Number.POSITIVE_INFINITY;
    void this.#beat().then(() => {
      this.#mayTellAt = performance.now() + pauseAfter(performance.now() - now, DEFAULTS.earlyBeatPacing);
    });
  }
}
