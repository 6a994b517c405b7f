import { Kysely, PostgresDialect } from 'kysely';
import { isMade, openEmbedded } from './embedded.js';
import { migrate, readSchemaVersion } from './migrate.js';
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
  const db = await connect(place);
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createSqlResults(db);
}

/** What may be read of a store as it is. */
export type ResultsView = Pick<ResultsStore, 'durations' | 'schemaVersion' | 'close'>;

/** Opens a store to read it as it is: nothing is made or brought up to date. null where there is none yet. Throws as `openResults` does. */
export async function viewResults(place: ResultsPlace): Promise<ResultsView | null> {
  if (place.kind === 'embedded' && !(await isMade(place.folder))) return null;
  const db = await connect(place);
  try {
    if ((await readSchemaVersion(db)) !== null) return createSqlResults(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  await db.destroy();
  return null;
}

async function connect(place: ResultsPlace): Promise<Kysely<ResultsSchema>> {
  const pool = place.kind === 'embedded' ? await openEmbedded(place.folder) : await openPostgres(place.url);
  return new Kysely<ResultsSchema>({ dialect: new PostgresDialect({ pool }) });
}
