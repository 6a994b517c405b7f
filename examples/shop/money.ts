/** Amounts are whole cents: fractions of a cent are decided here and nowhere else. */
export type Cents = number;

/** `1234` as `€12.34`. */
export function format(cents: Cents): string {
  const sign = cents < 0 ? '-' : '';
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${sign}€${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Divides an amount by weights so that nothing is lost: the cents that are left over go to the largest remainders. */
export function allocate(cents: Cents, weights: readonly number[]): Cents[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) throw new RangeError('The weights must have a sum above zero.');
  const exact = weights.map((weight) => (cents * weight) / sum);
  const shares = exact.map(Math.floor);
  const leftOver = cents - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, leftOver)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
