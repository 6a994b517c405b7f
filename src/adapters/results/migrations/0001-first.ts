import { type Kysely, sql } from 'kysely';

/** Creates the tables of runs, files, attempts, test cases and imported durations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table holdfast.runs (
      id integer generated always as identity primary key,
      suite text not null,
      run text not null,
      ci_attempt integer not null,
      previous_run text,
      owner text,
      commit text,
      framework text not null,
      status text not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      exit_code integer,
      problem text,
      totals jsonb,
      report text,
      makespan_ms double precision,
      bound_ms double precision,
      slots integer,
      web_url text,
      unique (suite, run)
    )`.execute(db);
  await sql`create index runs_by_start on holdfast.runs (started_at desc, id desc)`.execute(db);
  await sql`
    create table holdfast.files (
      run_id integer not null references holdfast.runs on delete cascade,
      path text not null,
      repeat integer not null,
      verdict text not null,
      reason text,
      estimate_ms double precision,
      content text,
      copies jsonb,
      primary key (run_id, path, repeat)
    )`.execute(db);
  await sql`
    create table holdfast.attempts (
      id integer generated always as identity primary key,
      run_id integer not null,
      suite text not null,
      path text not null,
      repeat integer not null,
      number integer not null,
      worker text,
      started_at timestamptz not null,
      kind text not null,
      duration_ms double precision,
      effort_ms double precision,
      machine text,
      outcome jsonb not null,
      unique (run_id, path, repeat, number),
      foreign key (run_id, path, repeat) references holdfast.files on delete cascade
    )`.execute(db);
  await sql`
    create index passing_attempts on holdfast.attempts (suite, path, started_at desc, id desc)
    include (duration_ms, effort_ms, machine) where kind = 'passed'`.execute(db);
  await sql`
    create table holdfast.cases (
      attempt_id integer not null references holdfast.attempts on delete cascade,
      position integer not null,
      name text[] not null,
      status text not null,
      duration_ms double precision not null,
      message text,
      stack text,
      retries integer,
      output text,
      primary key (attempt_id, position)
    )`.execute(db);
  await sql`create index failed_cases on holdfast.cases (attempt_id) where status = 'failed'`.execute(db);
  await sql`
    create table holdfast.imported_durations (
      suite text not null,
      path text not null,
      duration_ms double precision not null,
      primary key (suite, path)
    )`.execute(db);
}
