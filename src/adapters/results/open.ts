import { Kysely, PostgresDialect } from 'kysely';
import { isMade, openEmbedded } from './embedded.js';
import { migrate, readSchemaVersion } from './migrate.js';
import { openPostgres } from './postgres.js';
import type { ResultsStore } from './results-store.js';
import type { ResultsSchema } from './schema.js';
import { createSqlResults } from './sql-results.js';

/** Where results are kept: in a local folder that one process at a time can open, or in a shared PostgreSQL. */
export type ResultsPlace =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string };

/**
 * Opens the results store and migrates it; creates it if there is none.
 * Throws STORE_UNREACHABLE, STORE_TOO_NEW, or STACK_BUSY for a folder that another process has open.
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

/** The reads that work on a store without migrating it. */
export type ResultsView = Pick<ResultsStore, 'durations' | 'schemaVersion' | 'close'>;

/** Opens a store for reading without creating or migrating anything; null if there is none yet. Throws like `openResults`. */
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
