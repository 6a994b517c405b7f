const UNIQUE_LENGTH = 8;

/** A run id outside of a CI: the UTC second it began in, so that runs sort by time, and letters of its own. `random`: letters and digits. */
export function runIdFrom(nowMs: number, random: string): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split(/[T.]/);
  const unique = random.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, UNIQUE_LENGTH);
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${unique.toLowerCase()}`;
}
