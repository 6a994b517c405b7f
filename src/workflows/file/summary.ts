import type { Dispatch } from './dispatch.js';

/** The server rejects summaries above 400 bytes. The end of a path is more informative than its start. */
const SUMMARY_CHARACTERS = 100;

/** A dispatch as Temporal's Web UI shows it: `test/a.test.ts (attempt 2)`, `test/a.test.ts and 7 more`. */
export function summaryOf({ assignments, isCopy, look }: Dispatch): string {
  const [{ file, attempt, dispatch }, ...others] = assignments;
  const { path, repeat, part } = file;
  const name = path.length > SUMMARY_CHARACTERS ? `…${path.slice(1 - SUMMARY_CHARACTERS)}` : path;
  const notes = [
    ...(part ? [`part ${part.number} of ${part.of}`] : []),
    ...(repeat > 1 ? [`repeat ${repeat}`] : []),
    ...(isCopy ? ['second copy'] : []),
    ...(look ? [look === 'alone' ? 'by itself' : 'after others'] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(dispatch > attempt ? [`after ${dispatch - attempt} lost`] : []),
  ];
  return `${name}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
