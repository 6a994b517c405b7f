import { type Kysely, sql } from 'kysely';
import type { Sample } from '../../core/history/durations.js';
import { grouped, inChunks } from './rows.js';
import type { ResultsSchema } from './schema.js';

type Row = {
  readonly path: string;
  readonly duration_ms: number;
  readonly effort_ms: number | null;
  readonly machine: string | null;
};

/**
 * Selects the latest passing attempts of each file, from the index `passing_attempts` alone, which has all columns in the order
 * of the window. Files without any get their imported duration.
 */
export async function selectDurations(
  db: Kysely<ResultsSchema>,
  suite: string,
  samples: number,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const { rows } = await sql<Row>`
    select path, duration_ms, effort_ms, machine
    from (select path, duration_ms, effort_ms, machine, row_number() over (partition by path order by started_at desc, id desc) as age
          from holdfast.attempts where suite = ${suite} and kind = 'passed' and duration_ms is not null) as passing
    where age <= ${samples}
    order by path, age`.execute(db);
  const recorded = grouped(rows, ({ path }) => path, sampleOf);
  const imported = await db
    .selectFrom('holdfast.imported_durations')
    .select(['path', 'duration_ms'])
    .where('suite', '=', suite)
    .execute();
  for (const { path, duration_ms } of imported)
    if (!recorded.has(path)) recorded.set(path, [{ wallMs: duration_ms, effortMs: duration_ms, machine: null }]);
  return recorded;
}

/** Reads the attempts of the last finished run only: those of all runs would take ever longer. */
export async function selectCallsMs(db: Kysely<ResultsSchema>, suite: string): Promise<readonly number[]> {
  const { rows } = await sql<{ ms: number }>`
    select (outcome ->> 'callMs')::double precision as ms
    from holdfast.attempts
    where run_id = (select id from holdfast.runs where suite = ${suite} and finished_at is not null
                    order by started_at desc, id desc limit 1)
      and outcome ? 'callMs'`.execute(db);
  return rows.map(({ ms }) => ms);
}

function sampleOf({ duration_ms, effort_ms, machine }: Row): Sample {
  return { wallMs: duration_ms, effortMs: effort_ms ?? duration_ms, machine };
}

export async function insertDurations(
  db: Kysely<ResultsSchema>,
  suite: string,
  durations: Readonly<Record<string, number>>,
): Promise<void> {
  const rows = Object.entries(durations).map(([path, duration_ms]) => ({ path, duration_ms }));
  await db.transaction().execute(async (trx) => {
    for (const chunk of inChunks(rows)) {
      await sql`
        insert into holdfast.imported_durations (suite, path, duration_ms)
        select ${suite}::text, path, duration_ms
        from json_to_recordset(${chunk}::json) as row (path text, duration_ms double precision)
        on conflict (suite, path) do update set duration_ms = excluded.duration_ms`.execute(trx);
    }
  });
}

export async function selectContents(db: Kysely<ResultsSchema>, suite: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ path: string; content: string }>`
    select distinct on (path) path, content
    from holdfast.files join holdfast.runs on runs.id = files.run_id
    where suite = ${suite} and content is not null
    order by path, started_at desc`.execute(db);
  return new Map(rows.map(({ path, content }) => [path, content]));
}
