import { type Kysely, Migrator } from 'kysely';
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
  const unknown = await unknownMigration(db).catch(() => undefined); // Not even that can be read: the first error tells why.
  if (unknown === undefined) throw error;
  throw new RunnerError(
    'STORE_TOO_NEW',
    `The results store was written by a newer version: its migration ${unknown} is unknown to this one.`,
  );
}

async function unknownMigration(db: Kysely<ResultsSchema>): Promise<string | undefined> {
  const executed = await db.selectFrom('holdfast.kysely_migration').select('name').orderBy('name').execute();
  return executed.find(({ name }) => !Object.hasOwn(migrations, name))?.name;
}
