import { type Kysely, sql, type Transaction } from 'kysely';
import { effortOf, machineOf } from '../../core/history/durations.js';
import type { TestCase } from '../../core/model/cases.js';
import { compareKeys, keyOf } from '../../core/plan/order.js';
import type { RecordedFile } from './results-store.js';
import { inChunks, partAttempt } from './rows.js';
import type { ResultsSchema } from './schema.js';

/**
 * Inserts files with their attempts and cases in one transaction. Existing files stay: of two writers of the same file, the first
 * wins, and the second waits for it and adds nothing.
 */
export async function insertFiles(
  db: Kysely<ResultsSchema>,
  run: { id: number; suite: string },
  files: readonly RecordedFile[],
): Promise<void> {
  const sorted = files.toSorted(compareKeys); // The same order in every writer, so that they cannot deadlock.
  await db.transaction().execute(async (trx) => {
    const fresh = await insertFileRows(trx, run.id, sorted);
    const attempts = sorted.filter((file) => fresh.has(keyOf(file))).flatMap(attemptRows);
    const ids = await insertAttemptRows(trx, run, attempts);
    await insertCaseRows(trx, attempts, ids);
  });
}

type AttemptRow = {
  readonly path: string;
  readonly repeat: number;
  readonly number: number;
  readonly worker: string | null;
  readonly startedAt: string;
  readonly outcome: ReturnType<typeof partAttempt>['stored'];
  readonly cases: readonly TestCase[];
};

function attemptRows({ path, repeat, attempts }: RecordedFile): AttemptRow[] {
  return attempts.map((attempt, index) => {
    const { stored, cases } = partAttempt(attempt);
    const startedAt = new Date(attempt.startedAtMs).toISOString();
    return { path, repeat, number: index + 1, worker: attempt.worker, startedAt, outcome: stored, cases };
  });
}

/** Returns the keys of the files that were inserted. */
async function insertFileRows(
  trx: Transaction<ResultsSchema>,
  runId: number,
  files: readonly RecordedFile[],
): Promise<ReadonlySet<string>> {
  const fresh = new Set<string>();
  const rows = files.map(({ path, repeat, verdict, estimateMs, reason = null, content = null, copies = null }) => ({
    path,
    repeat,
    verdict,
    estimate_ms: estimateMs,
    reason,
    content,
    copies,
  }));
  for (const chunk of inChunks(rows)) {
    const inserted = await sql<{ path: string; repeat: number }>`
      insert into holdfast.files (run_id, path, repeat, verdict, estimate_ms, reason, content, copies)
      select ${runId}::integer, path, repeat, verdict, estimate_ms, reason, content, copies
      from json_to_recordset(${chunk}::json) as row (path text, repeat integer, verdict text, estimate_ms double precision, reason text, content text, copies jsonb)
      on conflict do nothing
      returning path, repeat`.execute(trx);
    for (const row of inserted.rows) fresh.add(keyOf(row));
  }
  return fresh;
}

/** Returns the id of each attempt by key. */
async function insertAttemptRows(
  trx: Transaction<ResultsSchema>,
  { id, suite }: { id: number; suite: string },
  attempts: readonly AttemptRow[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  const rows = attempts.map(({ cases: _, startedAt, outcome, ...row }) => {
    return {
      ...row,
      started_at: startedAt,
      kind: outcome.kind,
      duration_ms: outcome.kind === 'lost' || outcome.after ? null : outcome.durationMs, // No duration of the file by itself.
      effort_ms: outcome.kind === 'lost' ? null : effortOf(outcome),
      machine: outcome.kind === 'lost' ? null : machineOf(outcome),
      outcome,
    };
  });
  for (const chunk of inChunks(rows)) {
    const inserted = await sql<{ id: number; path: string; repeat: number; number: number }>`
      insert into holdfast.attempts (run_id, suite, path, repeat, number, worker, started_at, kind, duration_ms, effort_ms, machine, outcome)
      select ${id}::integer, ${suite}::text, path, repeat, number, worker, started_at, kind, duration_ms, effort_ms, machine, outcome
      from json_to_recordset(${chunk}::json) as row (path text, repeat integer, number integer, worker text,
        started_at timestamptz, kind text, duration_ms double precision,
        effort_ms double precision, machine text, outcome jsonb)
      returning id, path, repeat, number`.execute(trx);
    for (const row of inserted.rows) ids.set(attemptKey(row), row.id);
  }
  return ids;
}

async function insertCaseRows(
  trx: Transaction<ResultsSchema>,
  attempts: readonly AttemptRow[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  for (const chunk of inChunks(caseRows(attempts, ids))) {
    await sql`
      insert into holdfast.cases (attempt_id, position, name, status, duration_ms, message, stack, retries, output)
      select attempt_id, position, name, status, duration_ms, message, stack, retries, output
      from json_to_recordset(${chunk}::json) as row (attempt_id integer, position integer, name text[], status text,
        duration_ms double precision, message text, stack text, retries integer, output text)`.execute(trx);
  }
}

function* caseRows(attempts: readonly AttemptRow[], ids: ReadonlyMap<string, number>) {
  for (const attempt of attempts) {
    const attempt_id = ids.get(attemptKey(attempt));
    for (const [position, { durationMs, ...rest }] of attempt.cases.entries()) {
      yield { attempt_id, position, duration_ms: durationMs, ...rest };
    }
  }
}

function attemptKey({ path, repeat, number }: { path: string; repeat: number; number: number }): string {
  return `${keyOf({ path, repeat })}\0${number}`;
}
