import { isAbsolute, join } from 'node:path';
import type { Evidence } from './framework.js';

/** Finds the results of the requested file by absolute path. There are several if the file belongs to several projects of the framework. */
export function ofThisFile<Result extends { readonly name: string }>(
  { cwd, file }: Evidence,
  results: readonly Result[],
): readonly Result[] {
  const path = isAbsolute(file) ? file : join(cwd, file);
  const exact = results.filter(({ name }) => name === path);
  if (exact.length > 0 || results.some(({ name }) => name.startsWith(join(cwd, '/')))) return exact;
  // The suite's folder was reached through a symlink, and the report has real paths. Ours is the shortest path that ends in `file`.
  const alike = results.filter(({ name }) => name.endsWith(`/${file}`));
  const shortest = Math.min(...alike.map(({ name }) => name.length));
  return alike.filter(({ name }) => name.length === shortest);
}
