import type { Kysely, Selectable } from 'kysely';
import { received, STORED_FILE } from '../../core/border/index.js';
import type { TestCase } from '../../core/model/cases.js';
import { compareKeys, keyOf } from '../../core/plan/order.js';
import type { RecordedFile } from './results-store.js';
import { grouped, joinAttempt } from './rows.js';
import type { ResultsSchema } from './schema.js';

/**
 * Selects all recorded files of a run, ordered by path and repeat. Reads one snapshot, so a concurrent write is seen whole or not
 * at all.
 */
export async function selectFiles(db: Kysely<ResultsSchema>, runId: number): Promise<RecordedFile[]> {
  const { files, attempts, cases } = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => ({
      files: await trx.selectFrom('holdfast.files').selectAll().where('run_id', '=', runId).execute(),
      attempts: await trx.selectFrom('holdfast.attempts').selectAll().where('run_id', '=', runId).orderBy('number').execute(),
      cases: await trx
        .selectFrom('holdfast.cases')
        .selectAll()
        .where('attempt_id', 'in', (part) => part.selectFrom('holdfast.attempts').select('id').where('run_id', '=', runId))
        .orderBy('position')
        .execute(),
    }));
  const casesOf = grouped(cases, ({ attempt_id }) => attempt_id, caseOf);
  const attemptsOf = grouped(attempts, keyOf, (attempt) => joinAttempt(attempt, casesOf.get(attempt.id) ?? []));
  return (
    files
      .map(({ path, repeat, verdict, estimate_ms, reason, copies }) => ({
        path,
        repeat,
        verdict,
        estimateMs: estimate_ms,
        attempts: attemptsOf.get(keyOf({ path, repeat })) ?? [],
        ...(reason !== null && { reason }),
        ...(copies !== null && { copies }),
      }))
      // Whoever reaches the database may have written to it, as may another version.
      .map((file): RecordedFile => received(STORED_FILE, file, `In the results store, ${file.path}`))
      .sort(compareKeys)
  );
}

function caseOf({
  name,
  status,
  duration_ms,
  message,
  stack,
  retries,
  output,
}: Selectable<ResultsSchema['holdfast.cases']>): TestCase {
  return {
    name,
    status,
    durationMs: duration_ms,
    message,
    ...(stack !== null && { stack }),
    ...(retries !== null && { retries }),
    ...(output !== null && { output }),
  };
}
