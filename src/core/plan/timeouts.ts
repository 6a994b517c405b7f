import { DEFAULTS } from '../defaults.js';

/** When an attempt gets SIGTERM, and how long after that it gets SIGKILL. */
export type FileTimeout = { readonly timeoutMs: number; readonly killGraceMs: number };

/**
 * The timeout of a file from its usual duration: SIGTERM after `max(softFactor × usual, floor)`, SIGKILL after
 * `max(hardFactor × usual, floor)`, at least the suite's grace period apart, and both within the limit of timers.
 */
export function timeoutOf(usualMs: number, killGraceMs: number): FileTimeout {
  const { softFactor, hardFactor, floorMs } = DEFAULTS.recordedTimeouts;
  const softMs = Math.min(DEFAULTS.longestTimeoutMs, Math.ceil(Math.max(softFactor * usualMs, floorMs)));
  const hardMs = Math.min(DEFAULTS.longestTimeoutMs, Math.ceil(Math.max(hardFactor * usualMs, floorMs)));
  return { timeoutMs: softMs, killGraceMs: Math.max(killGraceMs, hardMs - softMs) };
}
