import { type Kysely, sql } from 'kysely';

/** What durations and flakiness are reckoned from: effort and machine of an attempt, content of a file, and durations brought from elsewhere. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table holdfast.attempts add column effort_ms double precision, add column machine text`.execute(db);
  await sql`alter table holdfast.files add column content text, add column copies jsonb`.execute(db);
  await sql`drop index holdfast.passing_attempts`.execute(db);
  await sql`
    create index passing_attempts on holdfast.attempts (suite, path, started_at desc, id desc)
    include (duration_ms, effort_ms, machine) where kind = 'passed'`.execute(db);
  await sql`create index failed_cases on holdfast.cases (attempt_id) where status = 'failed'`.execute(db);
  await sql`
    create table holdfast.imported_durations (
      suite text not null,
      path text not null,
      duration_ms double precision not null,
      primary key (suite, path)
    )`.execute(db);
}
