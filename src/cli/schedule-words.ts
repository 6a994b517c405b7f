import type { Schedule } from '../client/schedules.js';

/** Whether a text is a valid schedule name: it becomes part of run ids, file names and Temporal ids. */
export function isScheduleName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text);
}

export function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return !/^[+-]/.test(text); // Intl also accepts offsets; the server requires a name.
  } catch {
    return false;
  }
}

/** The next start as `2026-11-24 02:00` in the schedule's timezone; `never` if there is none. */
export function nextTime({ next, timezone }: Pick<Schedule, 'next' | 'timezone'>): string {
  if (next === null) return 'never';
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(next); // Swedish dates are ISO.
}
