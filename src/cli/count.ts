import { InvalidArgumentError } from 'commander';
import { DEFAULTS } from '../core/defaults.js';

/** Reads a count of at least one. */
export function toCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= DEFAULTS.largestCount) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${DEFAULTS.largestCount}.`);
}
