/** The day of a moment (epoch ms) in UTC, such as `2027-01-31`. Days compare as strings. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
