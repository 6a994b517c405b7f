import { Semaphore } from 'async-mutex';

/** Slots held by one attempt. */
export type Hold = {
  /** The lowest slot number, from 1. No other holder has it, so tests can derive ports and database names from it. */
  readonly slot: number;
  release(): void;
};

/** The slots of a worker. Each attempt holds as many as its file weighs, one by default. */
export type Slots = {
  readonly count: number;
  /** Slot time used so far, in ms: slots in use, integrated over time. Two readings give the worker's load between them. */
  readonly busyMs: number;
  /**
   * Waits for `weight` slots, or for all if there are fewer; first come, first served. A caller that no longer needs them must
   * release them.
   */
  take(weight: number): Promise<Hold>;
};

/** Creates slots 1 to `count`. They are granted all at once, so two heavy files cannot deadlock. */
export function createSlots(count: number): Slots {
  const semaphore = new Semaphore(count);
  const free = Array.from({ length: count }, (_, index) => index + 1);
  let inUse = 0;
  let busyMs = 0;
  let at = performance.now();
  const lap = () => {
    const now = performance.now();
    busyMs += inUse * (now - at);
    at = now;
    return busyMs;
  };
  return {
    count,
    get busyMs() {
      return lap();
    },
    async take(weight) {
      const held = Math.min(weight, count);
      const [, release] = await semaphore.acquire(held);
      lap();
      inUse += held;
      const slots = free.splice(0, held);
      const [slot = 1] = slots;
      return {
        slot,
        release() {
          lap();
          inUse -= held;
          free.push(...slots);
          free.sort((a, b) => a - b);
          release();
        },
      };
    },
  };
}
