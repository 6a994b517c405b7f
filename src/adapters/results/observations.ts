import { type Kysely, sql } from 'kysely';
import type { Past } from '../../core/border/index.js';
import type { Observation } from '../../core/history/flakiness.js';
import type { ResultsSchema } from './schema.js';

type Row = {
  readonly path: string;
  readonly name: string[] | null;
  readonly run: string;
  readonly commit: string | null;
  readonly started_at: Date;
  readonly machines: (string | null)[] | null;
  readonly has_passed: boolean;
  readonly has_failed: boolean;
};

/** Selects one observation per run and file or case with a result. Lost attempts and skipped cases give none. */
export async function selectObservations(db: Kysely<ResultsSchema>, { suite, runs, subject }: Past): Promise<Observation[]> {
  const isSelected =
    subject === undefined
      ? sql`bool_or(has_failed) over (partition by path, name)`
      : sql`(path = ${subject} or name[array_length(name, 1)] = ${subject} or array_to_string(name, ' > ') = ${subject})`;
  const { rows } = await sql<Row>`
    with recent as (
      select id, run, commit, started_at from holdfast.runs
      where suite = ${suite} and finished_at is not null order by started_at desc, id desc limit ${runs}),
    tries as (
      select a.id, a.run_id, a.path, a.machine, a.kind from holdfast.attempts a join recent on recent.id = a.run_id
      where a.kind in ('passed', 'failed', 'timedOut', 'crashed')),
    outcomes as (
      select run_id, path, null::text[] as name, machine, kind = 'passed' as passed, kind <> 'passed' as failed from tries
      union all
      select run_id, path, c.name, machine, c.status = 'passed', c.status = 'failed'
      from tries join holdfast.cases c on c.attempt_id = tries.id where c.status <> 'skipped'),
    seen as (
      select run_id, path, name, bool_or(passed) as has_passed, bool_or(failed) as has_failed,
        array_agg(distinct machine) filter (where failed) as machines
      from outcomes group by run_id, path, name),
    marked as (select seen.*, ${isSelected} as is_selected from seen)
    select path, name, run, commit, started_at, machines, has_passed, has_failed
    from marked join recent on recent.id = marked.run_id where is_selected
    order by started_at, path, name`.execute(db);
  return rows.map(({ path, name, run, commit, started_at, machines, has_passed, has_failed }) => ({
    path,
    name,
    runId: run,
    commit,
    atMs: started_at.getTime(),
    machines: (machines ?? []).flatMap((machine) => machine ?? []),
    hasPassed: has_passed,
    hasFailed: has_failed,
  }));
}
