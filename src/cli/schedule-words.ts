import type { Schedule } from '../client/schedules.js';

/** Run ids, file names and Temporal's ids are made of it. */
export function isScheduleName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text);
}

export function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return !/^[+-]/.test(text); // An offset is one for Intl; the server wants a name.
  } catch {
    return false;
  }
}

/** `2026-11-24 02:00`, as clocks in the schedule's timezone show it. */
export function nextTime({ next, timezone }: Pick<Schedule, 'next' | 'timezone'>): string {
  if (next === null) return 'never';
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(next); // Swedes write ISO.
}
