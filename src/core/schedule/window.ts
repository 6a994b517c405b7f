import { DEFAULTS } from '../defaults.js';

export type WindowInputs = {
  /** Slots of the workers seen; 0 before the first. */
  readonly slots: number;
  /** Typical duration of a file in the suite; null if unknown. */
  readonly typicalMs: number | null;
  /** The user's limit; null for none, 0 while the run is paused. */
  readonly maxInFlight: number | null;
};

/**
 * How many attempts may be in flight at once: at least 1, or 0 while the run is paused. Small, because late scheduling preserves
 * the order; large enough that no slot waits for a dispatch.
 */
export function windowSize({ slots, typicalMs, maxInFlight }: WindowInputs): number {
  if (maxInFlight === 0) return 0;
  const isShort = typicalMs !== null && typicalMs < DEFAULTS.shortFileMs;
  const perSlot = isShort ? DEFAULTS.windowPerSlotOfShortFiles : DEFAULTS.windowPerSlot;
  const wanted = slots > 0 ? slots * perSlot : DEFAULTS.windowOfUnseenFleet;
  return Math.max(1, Math.min(wanted, DEFAULTS.largestWindow, maxInFlight ?? DEFAULTS.largestWindow));
}
