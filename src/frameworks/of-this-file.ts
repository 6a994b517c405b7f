import { isAbsolute, join } from 'node:path';
import type { Evidence } from './framework.js';

/** Results about the asked file among those of a report, by their absolute paths. Several where it belongs to several projects of its framework. */
export function ofThisFile<Result extends { readonly name: string }>(
  { cwd, file }: Evidence,
  results: readonly Result[],
): readonly Result[] {
  const path = isAbsolute(file) ? file : join(cwd, file);
  const exact = results.filter(({ name }) => name === path);
  if (exact.length > 0 || results.some(({ name }) => name.startsWith(join(cwd, '/')))) return exact;
  // The suite's folder was reached through a link: the report names its real place. The shortest name is ours, others only end like it.
  const alike = results.filter(({ name }) => name.endsWith(`/${file}`));
  const shortest = Math.min(...alike.map(({ name }) => name.length));
  return alike.filter(({ name }) => name.length === shortest);
}
