import type { z } from 'zod';

/** Thrown by a parser; `wanted` stands after "must be". */
export class Mismatch extends Error {
  constructor(readonly wanted: string) {
    super(wanted);
  }
}

/** Reads the words of a flag or variable. Throws Mismatch. */
export type Parse<T> = (words: readonly string[]) => T;

/** The last word counts, as everywhere on a command line. */
export const one =
  <T>(read: (word: string) => T): Parse<T> =>
  (words) =>
    read(words.at(-1) ?? '');

export const each =
  <T>(read: (word: string) => T): Parse<readonly T[]> =>
  (words) =>
    words.map(read);

export const asText = (word: string): string => {
  if (word === '') throw new Mismatch('a text that is not empty');
  return word;
};

/** A text or number that the schema of the file accepts: one set of bounds for both. */
export const asSchema =
  <T>(schema: z.ZodType<T>, toValue: (word: string) => unknown = (word) => word) =>
  (word: string): T => {
    const read = schema.safeParse(toValue(word));
    if (read.success) return read.data;
    throw new Mismatch(read.error.issues[0]?.message ?? 'something else');
  };

/** NaN unless it is a plain decimal: no `1e3`, no `0x10`, no spaces. */
export const toNumber = (word: string): number => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN);

const UNITS_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `30s`, `1.5m`, `2h`, `250ms`; a plain number is ms. NaN for anything else. */
export const toMs = (word: string): number => {
  const [, amount = '', unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(word) ?? [];
  return toNumber(amount) * (UNITS_MS[unit] ?? Number.NaN);
};

export const asSwitch = (word: string): boolean => {
  if (/^(true|1|yes|on)$/i.test(word)) return true;
  if (/^(false|0|no|off)$/i.test(word)) return false;
  throw new Mismatch('true or false');
};
