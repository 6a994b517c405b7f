import { type Kysely, Migrator, sql } from 'kysely';
import { RunnerError } from '../../core/errors.js';
import { migrations } from './migrations/index.js';
import type { ResultsSchema } from './schema.js';

/**
 * Migrates the tables to the latest schema, under a lock: one process does it while others wait.
 * Throws STORE_TOO_NEW if a newer version of Holdfast has migrated the store.
 */
export async function migrate(db: Kysely<ResultsSchema>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: 'holdfast',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newest = await schemaVersion(db).catch(() => null); // If this fails too, throw the original error.
  if (newest === null || Object.hasOwn(migrations, newest)) throw error;
  throw tooNew(newest);
}

/** Name of the latest applied migration; null if there is none. Throws STORE_TOO_NEW for one that this version does not know. */
export async function readSchemaVersion(db: Kysely<ResultsSchema>): Promise<string | null> {
  const newest = await schemaVersion(db);
  if (newest !== null && !Object.hasOwn(migrations, newest)) throw tooNew(newest);
  return newest;
}

/** Names begin with a number, so the latest sorts last. */
async function schemaVersion(db: Kysely<ResultsSchema>): Promise<string | null> {
  const { rows } = await sql<{ there: string | null }>`select to_regclass('holdfast.kysely_migration')::text as there`.execute(
    db,
  );
  if (rows[0]?.there == null) return null;
  const newest = await db.selectFrom('holdfast.kysely_migration').select('name').orderBy('name', 'desc').limit(1).execute();
  return newest[0]?.name ?? null;
}

function tooNew(migration: string): RunnerError {
  return new RunnerError(
    'STORE_TOO_NEW',
    `The results store was written by a newer version: its migration ${migration} is unknown to this one.`,
  );
}
