import { DEFAULTS } from '../defaults.js';

/** When an attempt is asked to end, and how long it may then take to. */
export type FileTimeout = { readonly timeoutMs: number; readonly killGraceMs: number };

/**
 * The timeout of a file by its usual duration: SIGTERM after `max(softFactor × usual, floor)`, SIGKILL after `max(hardFactor × usual, floor)`,
 * at least the suite's grace apart, and both within what a timer holds.
 */
export function timeoutOf(usualMs: number, killGraceMs: number): FileTimeout {
  const { softFactor, hardFactor, floorMs } = DEFAULTS.recordedTimeouts;
  const softMs = Math.min(DEFAULTS.longestTimeoutMs, Math.ceil(Math.max(softFactor * usualMs, floorMs)));
  const hardMs = Math.min(DEFAULTS.longestTimeoutMs, Math.ceil(Math.max(hardFactor * usualMs, floorMs)));
  return { timeoutMs: softMs, killGraceMs: Math.max(killGraceMs, hardMs - softMs) };
}
