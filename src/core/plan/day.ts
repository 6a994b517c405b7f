/** The UTC date of a time (epoch ms), such as `2027-01-31`. Dates compare as strings. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
