import type { ErrorCode } from '../errors.js';

/** Stands in for a value from Temporal that is not signed by a key of ours, so that whoever reads it can refuse it and go on. */
export type Refused = { readonly [REFUSED_KEY]: string };

const REFUSED_KEY = 'holdfast:refused';

export const refused = (why: string): Refused => ({ [REFUSED_KEY]: why });

/** Why a value is refused; null if it is not. */
export function refusalOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !(REFUSED_KEY in value)) return null;
  return String(value[REFUSED_KEY]);
}

/** Why one of these values is refused; null if none is. */
export function refusalAmong(values: readonly unknown[]): string | null {
  for (const value of values) {
    const why = refusalOf(value);
    if (why !== null) return why;
  }
  return null;
}

/** Type of the failure for a refused value, in Temporal. */
export const NOT_SIGNED = 'NOT_SIGNED' satisfies ErrorCode;
