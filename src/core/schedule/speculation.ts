import { DEFAULTS } from '../defaults.js';
import type { RunningAttempt } from '../fleet/fleet.js';
import { medianOf } from '../history/median.js';

/** How long a worker took for a file, and the file's estimate. */
export type WorkerPace = { readonly worker: string; readonly durationMs: number; readonly estimateMs: number };

/** A running attempt. Its estimate is scaled to the current speed of the fleet. */
export type Straggler = {
  readonly elapsedMs: number;
  readonly estimateMs: number;
  /** How much slower its worker is than the others; 1 if unknown. */
  readonly slowness: number;
};

/**
 * How much longer an attempt will probably take: the rest of its estimate at the speed of its worker. If it is well past that,
 * something is wrong, and it is expected to take as long again as it has already taken.
 */
export function remainingMs({ elapsedMs, estimateMs, slowness }: Straggler): number {
  const expectedMs = estimateMs * slowness;
  return elapsedMs < DEFAULTS.lateFactor * expectedMs ? Math.max(0, expectedMs - elapsedMs) : elapsedMs;
}

/** Attempts that a new one would overtake by enough to be worth a dispatch; most time remaining first. */
export function attemptsWorthCopying(
  running: readonly RunningAttempt[],
  {
    estimateOf,
    paces,
    nowMs,
  }: {
    /** null for an attempt that must not be copied or has no estimate. */
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

/** How much longer than estimated each worker takes: the median ratio over the files it has finished. */
function slownessOf(paces: readonly WorkerPace[]): ReadonlyMap<string, number> {
  const ratios = new Map<string, number[]>();
  for (const { worker, durationMs, estimateMs } of paces) {
    if (estimateMs > 0) ratios.set(worker, [...(ratios.get(worker) ?? []), durationMs / estimateMs]);
  }
  return new Map([...ratios].flatMap(([worker, workerRatios]) => [[worker, medianOf(workerRatios) ?? 1] as const]));
}
