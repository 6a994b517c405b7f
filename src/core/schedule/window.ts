import { DEFAULTS } from '../defaults.js';

export type WindowInputs = {
  /** Slots of the workers seen; 0 before the first. */
  readonly slots: number;
  /** What a file of the suite usually takes; null when unknown. */
  readonly typicalMs: number | null;
  /** The user's limit; null for none, 0 while the run is paused. */
  readonly maxInFlight: number | null;
};

/**
 * Attempts that may be in flight at once, from 1; 0 while the run is paused. Small, because order is made by scheduling late; large enough that no slot waits
 * for a dispatch.
 */
export function windowSize({ slots, typicalMs, maxInFlight }: WindowInputs): number {
  if (maxInFlight === 0) return 0;
  const isShort = typicalMs !== null && typicalMs < DEFAULTS.shortFileMs;
  const perSlot = isShort ? DEFAULTS.windowPerSlotOfShortFiles : DEFAULTS.windowPerSlot;
  const wanted = slots > 0 ? slots * perSlot : DEFAULTS.windowOfUnseenFleet;
  return Math.max(1, Math.min(wanted, DEFAULTS.largestWindow, maxInFlight ?? DEFAULTS.largestWindow));
}
