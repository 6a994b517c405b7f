import { isAbsolute, posix, relative } from 'node:path';
import picomatch from 'picomatch';
import type { Selection } from '../core/model/suite.js';

/** The result of applying a selection to a listing. */
export type Selected = {
  /** Sorted, without duplicates. */
  readonly files: readonly string[];
  /** Requested paths and patterns that match no file, as the user wrote them. */
  readonly unmatched: readonly string[];
};

/**
 * Selects files from a framework's listing. Paths are relative to `cwd`, with `/` separators. An `include` pattern that starts with
 * `!` excludes, and exclusion always wins. An entry of `only` is tried as a listed file, then as a folder of listed files, then as a
 * glob, so that a file named `[id].test.ts` can be selected. Entries of `files` are never globs.
 */
export function selectFiles(listed: readonly string[], selection: Selection, cwd: string): Selected {
  const [include, negated] = partition(selection.include, (pattern) => !pattern.startsWith('!'));
  const isIncluded = include.length === 0 ? () => true : matcher(include);
  const isExcluded = matcher([...selection.exclude, ...negated.map((pattern) => pattern.slice(1))]);
  const candidates = listed.filter((path) => isIncluded(path) && !isExcluded(path));
  const known = new Set(candidates);

  const byEntry = (entry: string): readonly string[] => {
    const path = literal(entry, cwd);
    if (known.has(path)) return [path];
    const inside = candidates.filter((candidate) => path === '.' || candidate.startsWith(`${path}/`));
    return inside.length > 0 ? inside : candidates.filter(matcher([entry.replace(/^(\.\/)+/, '')]));
  };
  const byPath = (entry: string): readonly string[] => {
    const path = literal(entry, cwd);
    return known.has(path) ? [path] : [];
  };
  const only = selection.only.map((entry) => ({ entry, paths: byEntry(entry) }));
  const files = (selection.files ?? []).map((entry) => ({ entry, paths: byPath(entry) }));
  const pathsOf = (named: typeof only) => new Set(named.flatMap(({ paths }) => paths));
  const limits = [...(only.length > 0 ? [pathsOf(only)] : []), ...(selection.files ? [pathsOf(files)] : [])];
  return {
    files: [...new Set(candidates.filter((path) => limits.every((paths) => paths.has(path))))].sort(),
    unmatched: [...only, ...files].filter(({ paths }) => paths.length === 0).map(({ entry }) => entry),
  };
}

/** Normalises a path to the form used in listings: relative to the suite's folder, without `./` or a trailing slash. */
export function literal(entry: string, cwd: string): string {
  const path = isAbsolute(entry) ? relative(cwd, entry) : entry;
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** Compiles a glob to a predicate on paths; both are relative to the suite's folder. */
export function compileGlob(glob: string): (path: string) => boolean {
  return matcher([glob]);
}

/** Matches hidden files too, since the framework listed them. `.`, go's root package, matches every pattern that matches any name. */
function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matches = picomatch(
    patterns.map((pattern) => pattern.replace(/^(\.\/)+(?=.)/, '')),
    { dot: true, nonegate: true },
  );
  return (path) =>
    matches(path) || (path === '.' && patterns.some((pattern) => ['.', './', '**', '**/*', '*'].includes(pattern)));
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
