import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { pauseAfter } from '../../core/schedule/pacing.js';

/** Decides when new records justify an extra heartbeat, and tracks their size. The slower a heartbeat, the later the next one. */
export class EarlyBeats {
  readonly #beat: () => Promise<void>;
  #nextAtMs = performance.now() + DEFAULTS.earlyBeatPacing.leastMs;
  #sizeBytes = 0;

  /** `beat` sends all records and resolves when that is done, even if it failed. */
  constructor(beat: () => Promise<void>) {
    this.#beat = beat;
  }

  /** Size of all records noted, in bytes of JSON. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  noted(record: AttemptRecord): void {
    this.#sizeBytes += Buffer.byteLength(JSON.stringify(record));
    const now = performance.now();
    if (now < this.#nextAtMs) return;
    this.#nextAtMs = Number.POSITIVE_INFINITY;
    void this.#beat().then(() => {
      this.#nextAtMs = performance.now() + pauseAfter(performance.now() - now, DEFAULTS.earlyBeatPacing);
    });
  }
}
