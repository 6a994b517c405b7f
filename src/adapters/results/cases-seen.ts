import { type Kysely, sql } from 'kysely';
import type { CasesSeen } from '../../core/plan/split.js';
import { grouped } from './rows.js';
import type { ResultsSchema } from './schema.js';

/** Selects the cases of each file's latest pass, by the index `passing_attempts`. A file run in parts passes only if all parts do. */
export async function selectCasesSeen(
  db: Kysely<ResultsSchema>,
  suite: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, CasesSeen>> {
  const { rows: passes } = await sql<{ id: number; path: string; duration_ms: number; processes: number | null }>`
    select distinct on (path) id, path, duration_ms, jsonb_array_length(outcome->'parts') as processes
    from holdfast.attempts
    where suite = ${suite} and kind = 'passed' and path in (select json_array_elements_text(${JSON.stringify(paths)}::json))
    order by path, started_at desc, id desc`.execute(db);
  const { rows: cases } = await sql<{ attempt_id: number; name: string[]; duration_ms: number }>`
    select attempt_id, name, duration_ms from holdfast.cases
    where status = 'passed' and attempt_id in
      (select value::integer from json_array_elements_text(${JSON.stringify(passes.map(({ id }) => id))}::json))
    order by attempt_id, position`.execute(db);
  const casesOf = grouped(
    cases,
    ({ attempt_id }) => attempt_id,
    ({ name, duration_ms }) => ({ name, durationMs: duration_ms }),
  );
  return new Map(
    passes.map(({ id, path, duration_ms, processes }) => [
      path,
      { durationMs: duration_ms, processes: processes ?? 1, cases: casesOf.get(id) ?? [] },
    ]),
  );
}
