import { DEFAULTS } from '../defaults.js';
import type { RunningAttempt } from '../fleet/fleet.js';
import { medianOf } from '../history/median.js';

/** What a worker took for a file, beside what was expected. */
export type WorkerPace = { readonly worker: string; readonly durationMs: number; readonly estimateMs: number };

/** An attempt that goes on. Of its times, both are reckoned for the fleet as it is today. */
export type Straggler = {
  readonly elapsedMs: number;
  readonly estimateMs: number;
  /** How much longer than the others its worker takes; 1 where nothing is known. */
  readonly slowness: number;
};

/**
 * How long an attempt will probably still take. While it is within what its worker's pace lets expect, the rest of that; well past it, something
 * is wrong, and what has lasted that long will last as long again.
 */
export function remainingMs({ elapsedMs, estimateMs, slowness }: Straggler): number {
  const expectedMs = estimateMs * slowness;
  return elapsedMs < DEFAULTS.lateFactor * expectedMs ? Math.max(0, expectedMs - elapsedMs) : elapsedMs;
}

/** Attempts of which a fresh run would be over sooner by enough to be worth a dispatch, the latest first. */
export function worthACopy(
  running: readonly RunningAttempt[],
  {
    estimateOf,
    paces,
    nowMs,
  }: {
    /** null for an attempt that must not be copied, or of which nothing is expected. */
    readonly estimateOf: (activityId: string) => number | null;
    readonly paces: readonly WorkerPace[];
    readonly nowMs: number;
  },
): readonly (RunningAttempt & Straggler)[] {
  const slowness = slownessOf(paces);
  const usual = medianOf([...slowness.values()]) ?? 1;
  return running
    .flatMap((attempt) => {
      const estimateMs = estimateOf(attempt.activityId);
      if (estimateMs === null) return [];
      const straggler = {
        elapsedMs: nowMs - attempt.startedAtMs,
        estimateMs: estimateMs * usual,
        slowness: (slowness.get(attempt.worker) ?? usual) / usual,
      };
      return [{ ...attempt, ...straggler }];
    })
    .filter((straggler) => remainingMs(straggler) - straggler.estimateMs >= DEFAULTS.copyGainMs)
    .sort((a, b) => remainingMs(b) - remainingMs(a));
}

/** How much longer than expected each worker takes: the median over what it has finished. */
function slownessOf(paces: readonly WorkerPace[]): ReadonlyMap<string, number> {
  const ratios = new Map<string, number[]>();
  for (const { worker, durationMs, estimateMs } of paces) {
    if (estimateMs > 0) ratios.set(worker, [...(ratios.get(worker) ?? []), durationMs / estimateMs]);
  }
  return new Map([...ratios].flatMap(([worker, own]) => [[worker, medianOf(own) ?? 1] as const]));
}
