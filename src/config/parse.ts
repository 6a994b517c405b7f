/** Parses a plain decimal number. NaN for anything else, such as `1e3`, `0x10` or spaces. */
export const toNumber = (word: string): number => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN);

const UNITS_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Parses a duration such as `30s`, `1.5m`, `2h` or `250ms` into ms; a plain number is ms. NaN for anything else. */
export const toMs = (word: string): number => {
  const [, amount = '', unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(word) ?? [];
  return toNumber(amount) * (UNITS_MS[unit] ?? Number.NaN);
};

/** Parses `true`, `1`, `yes`, `on` and their opposites; null for anything else. */
export const toBoolean = (word: string): boolean | null => {
  if (/^(true|1|yes|on)$/i.test(word)) return true;
  return /^(false|0|no|off)$/i.test(word) ? false : null;
};
