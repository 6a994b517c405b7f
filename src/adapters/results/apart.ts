import type { Kysely } from 'kysely';
import type { KeptApart } from '../../core/model/company.js';
import type { ResultsSchema } from './schema.js';

/** The files of a suite that are kept apart, by path. */
export async function selectApart(db: Kysely<ResultsSchema>, suite: string): Promise<readonly KeptApart[]> {
  const rows = await db
    .selectFrom('holdfast.apart')
    .select(['path', 'seen', 'since'])
    .where('suite', '=', suite)
    .orderBy('path')
    .execute();
  return rows.map(({ path, seen, since }) => ({ path, seen, sinceMs: since.getTime() }));
}

/** A file that is kept apart already stays as it is. */
export async function insertApart(db: Kysely<ResultsSchema>, suite: string, files: readonly KeptApart[]): Promise<void> {
  if (files.length === 0) return;
  await db
    .insertInto('holdfast.apart')
    .values(files.map(({ path, seen, sinceMs }) => ({ suite, path, seen, since: new Date(sinceMs) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Returns the files that were kept apart until now. */
export async function deleteApart(
  db: Kysely<ResultsSchema>,
  suite: string,
  paths: readonly string[] | null,
): Promise<readonly string[]> {
  const all = db.deleteFrom('holdfast.apart').where('suite', '=', suite).returning('path');
  const rows = await (paths === null ? all : all.where('path', 'in', [...paths])).execute();
  return rows.map(({ path }) => path).sort();
}
