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

/** The same for a value that is not of the form that it has here: see `core/border`. */
export const MALFORMED = 'MALFORMED' satisfies ErrorCode;

/** Whether a failure of this type is about a value that was refused, and not about the work itself. */
export function isRefusal(type: string | null | undefined): type is typeof NOT_SIGNED | typeof MALFORMED {
  return type === NOT_SIGNED || type === MALFORMED;
}
