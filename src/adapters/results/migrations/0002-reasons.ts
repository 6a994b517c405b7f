import { type Kysely, sql } from 'kysely';

/** Why a file has a verdict that no attempt of it tells. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table holdfast.files add column reason text`.execute(db);
}
