import { Semaphore } from 'async-mutex';

/** Slots that somebody holds. */
export type Hold = {
  /** The first of them, from 1: no other holder has it, so that tests can share out ports and databases. */
  readonly slot: number;
  release(): void;
};

/** The slots of a worker: each attempt holds one, or as many as its file weighs. */
export type Slots = {
  readonly count: number;
  /** Slots in use so far, times how long, in ms: two readings tell how busy the worker was between them. */
  readonly busyMs: number;
  /** Waits for its turn, first come first served; more than there are means all. Who no longer wants them when they come gives them back. */
  take(weight: number): Promise<Hold>;
};

/** Slots from 1 to `count`. Nobody holds some while waiting for more, so that two heavy files cannot wait for each other. */
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
