const UNIQUE_LENGTH = 8;

/** A run id for use outside of CI: the UTC second of the start, so that runs sort by time, and alphanumerics from `random`. */
export function runIdFrom(nowMs: number, random: string): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split(/[T.]/);
  const unique = random.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, UNIQUE_LENGTH);
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${unique.toLowerCase()}`;
}
