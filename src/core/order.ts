import type { FileRule, PlannedFile } from './suite.js';

/** One task of a run: a file, and which of its repeats. No two tasks of a run have the same key. */
export type FileKey = Pick<PlannedFile, 'path' | 'repeat'>;

/**
 * Longest first, so that no long test file starts last and stretches the makespan.
 * A file without an estimate goes first: it may be the longest. Ties go by path, then repeat, so that a replay plans the same order.
 */
export function planOrder(files: readonly FileKey[], estimates: ReadonlyMap<string, number>): PlannedFile[] {
  return files
    .map(({ path, repeat }) => ({ path, repeat, estimateMs: estimates.get(path) ?? null }))
    .sort((a, b) => byEstimate(a.estimateMs, b.estimateMs) || compareKeys(a, b));
}

/** The file with what the rules say of it. `matches`: does this glob mean this path? */
export function withRules(
  file: PlannedFile,
  rules: readonly FileRule[],
  matches: (glob: string, path: string) => boolean,
): PlannedFile {
  const deadlineMs = rules.find((rule) => rule.deadlineMs !== undefined && matches(rule.files, file.path))?.deadlineMs;
  return deadlineMs === undefined ? file : { ...file, deadlineMs };
}

/** By path, then repeat. Code units, not a locale: the order is the same on every machine. */
export function compareKeys(a: FileKey, b: FileKey): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.repeat - b.repeat;
}

/** The key as text, for maps and sets. No path holds a NUL, so no two keys meet. */
export function keyOf({ path, repeat }: FileKey): string {
  return `${path}\0${repeat}`;
}

function byEstimate(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return b - a;
}
