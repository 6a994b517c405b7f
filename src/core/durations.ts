import { DEFAULTS } from './defaults.js';

/**
 * How long a file will probably take, from its passing attempts, newest first; null without any.
 * A median, so that one odd attempt (a cold cache, a busy machine) moves nothing; weighted by recency, so that a file
 * that became slower or faster is believed after three attempts, however long it was otherwise.
 */
export function estimateMs(samples: readonly number[]): number | null {
  const byLength = samples
    .map((durationMs, age) => ({ durationMs, weight: DEFAULTS.durationDecay ** age }))
    .sort((a, b) => a.durationMs - b.durationMs);
  const half = byLength.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let seen = 0;
  for (const { durationMs, weight } of byLength) {
    seen += weight;
    if (seen >= half) return durationMs;
  }
  return null;
}

/** The same for many files by path; those without samples are left out. */
export function estimatesOf(durations: ReadonlyMap<string, readonly number[]>): Record<string, number> {
  return Object.fromEntries(
    [...durations].flatMap(([path, samples]) => {
      const expectedMs = estimateMs(samples);
      return expectedMs === null ? [] : [[path, expectedMs]];
    }),
  );
}
