/** NaN unless it is a plain decimal: no `1e3`, no `0x10`, no spaces. */
export const toNumber = (word: string): number => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN);

const UNITS_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `30s`, `1.5m`, `2h`, `250ms`; a plain number is ms. NaN for anything else. */
export const toMs = (word: string): number => {
  const [, amount = '', unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(word) ?? [];
  return toNumber(amount) * (UNITS_MS[unit] ?? Number.NaN);
};

/** null for anything that is neither yes nor no. */
export const toBoolean = (word: string): boolean | null => {
  if (/^(true|1|yes|on)$/i.test(word)) return true;
  return /^(false|0|no|off)$/i.test(word) ? false : null;
};
