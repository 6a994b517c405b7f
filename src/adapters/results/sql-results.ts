import type { Kysely } from 'kysely';
import { RunnerError } from '../../core/errors.js';
import { deleteApart, insertApart, selectApart } from './apart.js';
import { selectCasesSeen } from './cases-seen.js';
import { insertDurations, selectCallsMs, selectContents, selectDurations } from './durations.js';
import { readSchemaVersion } from './migrate.js';
import { selectObservations } from './observations.js';
import { insertFiles } from './record-files.js';
import type { ResultsStore, RunKey } from './results-store.js';
import type { ResultsSchema } from './schema.js';
import { selectFiles } from './select-files.js';

/** The results store over any database that speaks PostgreSQL's SQL. Expects the schema to be in place. */
export function createSqlResults(db: Kysely<ResultsSchema>): ResultsStore {
  return {
    durations: (suite, samples) => selectDurations(db, suite, samples),
    casesSeen: (suite, paths) => selectCasesSeen(db, suite, paths),
    importDurations: (suite, durations) => insertDurations(db, suite, durations),
    observations: (past) => selectObservations(db, past),
    callsMs: (suite) => selectCallsMs(db, suite),
    contents: (suite) => selectContents(db, suite),
    apart: (suite) => selectApart(db, suite),
    keepApart: (suite, files) => insertApart(db, suite, files),
    forgetApart: (suite, paths) => deleteApart(db, suite, paths),

    async forget(suite, beforeMs) {
      await db.deleteFrom('holdfast.runs').where('suite', '=', suite).where('started_at', '<', new Date(beforeMs)).execute();
    },

    async openRun(input, startedAtMs) {
      const { suite, runId, ciAttempt, previousRunId = null, owner = null, commit = null, framework } = input;
      await db
        .insertInto('holdfast.runs')
        .values({
          suite,
          run: runId,
          ci_attempt: ciAttempt,
          previous_run: previousRunId,
          owner,
          commit,
          framework: framework.name,
          status: 'running',
          started_at: new Date(startedAtMs),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async recordFiles(run, files) {
      const id = await idOf(db, run);
      if (id === undefined) throw unknownRun(run);
      await insertFiles(db, { id, suite: run.suite }, files);
    },

    async filesOf(run) {
      const id = await idOf(db, run);
      return id === undefined ? [] : await selectFiles(db, id);
    },

    async closeRun(run, { status, exitCode, totals, problem, report: address }, report) {
      const { numUpdatedRows } = await db
        .updateTable('holdfast.runs')
        .set({
          status,
          exit_code: exitCode,
          problem,
          totals: JSON.stringify(totals),
          report: address,
          finished_at: new Date(report.finishedAt),
          commit: report.commit,
          makespan_ms: report.makespanMs,
          bound_ms: report.boundMs,
          slots: report.slots,
          web_url: report.webUrl,
        })
        .where('suite', '=', run.suite)
        .where('run', '=', run.runId)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw unknownRun(run);
    },

    async judgeRun({ suite, runId }, { status, exitCode }) {
      const change = db.updateTable('holdfast.runs').set({ status, exit_code: exitCode });
      const { numUpdatedRows } = await change.where('suite', '=', suite).where('run', '=', runId).executeTakeFirst();
      if (numUpdatedRows === 0n) throw unknownRun({ suite, runId });
    },

    async listRuns(limit) {
      const rows = await db
        .selectFrom('holdfast.runs')
        .select(['suite', 'run', 'status', 'started_at', 'finished_at', 'owner', 'commit', 'totals'])
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ run, started_at, finished_at, ...row }) => {
        return { ...row, runId: run, startedAtMs: started_at.getTime(), finishedAtMs: finished_at?.getTime() ?? null };
      });
    },

    schemaVersion: async () => (await readSchemaVersion(db)) ?? 'none',

    close: () => db.destroy(),
  };
}

async function idOf(db: Kysely<ResultsSchema>, { suite, runId }: RunKey): Promise<number | undefined> {
  const row = await db
    .selectFrom('holdfast.runs')
    .select('id')
    .where('suite', '=', suite)
    .where('run', '=', runId)
    .executeTakeFirst();
  return row?.id;
}

function unknownRun({ suite, runId }: RunKey): RunnerError {
  return new RunnerError('RUN_UNKNOWN', `The results store has no run ${runId} of ${suite}.`);
}
