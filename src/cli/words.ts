import { InvalidArgumentError } from 'commander';
import { toMs } from '../config/parse.js';
import { DEFAULTS } from '../core/defaults.js';

// Parsers for arguments of a single command. Their errors name the expected value, to follow "must be": usage-error.ts makes the sentence.

/** Parses a count of at least one. Throws InvalidArgumentError. */
export function toCount(word: string): number {
  const count = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (count >= 1 && count <= DEFAULTS.largestCount) return count;
  throw new InvalidArgumentError(`a whole number from 1 to ${DEFAULTS.largestCount}`);
}

/** Returns a parser of durations into ms, with a lower bound. It throws InvalidArgumentError. */
export const toDuration =
  (leastMs = 1) =>
  (word: string): number => {
    const ms = toMs(word);
    if (Number.isInteger(ms) && ms >= leastMs && ms <= DEFAULTS.longestMs) return ms;
    throw new InvalidArgumentError(`a duration${leastMs > 1 ? ` of at least ${leastMs / 1_000}s` : ''} such as 30s, 5m or 1h`);
  };

/** Formats ms as on a command line: `10s`, `30m`, `1h`. */
export function durationWords(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, size] = units.find(([, unitMs]) => ms > 0 && ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
