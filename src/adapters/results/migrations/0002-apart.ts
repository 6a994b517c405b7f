import { type Kysely, sql } from 'kysely';

/** Creates the table of files that are kept apart from others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table holdfast.apart (
      suite text not null,
      path text not null,
      seen text not null,
      since timestamptz not null,
      primary key (suite, path)
    )`.execute(db);
}
