import { Kysely, PostgresDialect } from 'kysely';
import { openEmbedded } from './embedded.js';
import { migrate } from './migrate.js';
import { openPostgres } from './postgres.js';
import type { ResultsStore } from './results-store.js';
import type { ResultsSchema } from './schema.js';
import { createSqlResults } from './sql-results.js';

/** Where results are kept: in a folder of this machine, which one process at a time can open, or in a PostgreSQL that many share. */
export type ResultsPlace =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string };

/**
 * Opens the results store and brings its tables up to date; makes it where there is none.
 * Throws STORE_UNREACHABLE, STORE_TOO_NEW, and STACK_BUSY for a folder that another process has open.
 */
export async function openResults(place: ResultsPlace): Promise<ResultsStore> {
  const pool = place.kind === 'embedded' ? await openEmbedded(place.folder) : await openPostgres(place.url);
  const db = new Kysely<ResultsSchema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createSqlResults(db);
}
