import { type Kysely, Migrator, sql } from 'kysely';
import { RunnerError } from '../../core/errors.js';
import { migrations } from './migrations/index.js';
import type { ResultsSchema } from './schema.js';

/**
 * Brings the tables to the newest form, under a lock: of several openers one does it and the others wait.
 * Throws STORE_TOO_NEW when a newer version of Holdfast has been here.
 */
export async function migrate(db: Kysely<ResultsSchema>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: 'holdfast',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newest = await schemaVersion(db).catch(() => null); // Not even that can be read: the first error tells why.
  if (newest === null || Object.hasOwn(migrations, newest)) throw error;
  throw tooNew(newest);
}

/** The newest step that was taken, by its name; null where there is none. Throws STORE_TOO_NEW for one that this version does not know. */
export async function readSchemaVersion(db: Kysely<ResultsSchema>): Promise<string | null> {
  const newest = await schemaVersion(db);
  if (newest !== null && !Object.hasOwn(migrations, newest)) throw tooNew(newest);
  return newest;
}

/** Names begin with a number, so that the newest is the last. */
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
