import { type FinishInput, OBJECTS, type Problem } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { exitCodeOfError, RunnerError } from '../../core/errors.js';
import { REASONS } from '../../core/model/change.js';
import { coverageOfSuite, coveragePlace, reportPlace } from '../../core/model/places.js';
import { buildReport } from '../../core/model/report.js';
import type { FileResult, SuiteInput, SuiteResult, Totals } from '../../core/model/suite.js';
import type { SuiteReport } from '../../core/model/suite-report.js';
import { decidingCounts, exitCodeOf, proofLine, statusOf, totalsOf } from '../../core/model/totals.js';
import { keyOf } from '../../core/plan/order.js';
import { wholeFiles } from '../../core/plan/parts.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/** Closes a run: checks the store against the plan and the workflow's count, writes the report, sets the status. Idempotent. */
export const createFinish =
  ({ results, claimChecks, webUrlOf }: ControlAdapters) =>
  (end: FinishInput): Promise<SuiteResult> =>
    asFailure(async () => {
      const { input, startedAtMs, finishedAtMs, slots } = end;
      const run = { suite: input.suite, runId: input.runId };
      await results.openRun(input, startedAtMs); // So that a run that failed before its plan is recorded too.
      const files = await filesOf(end, { results, claimChecks });
      const stored = totalsOf(files, files.map(judgedOf));
      const problem = end.problem ?? disagreement(end.totals, stored);
      const totals = end.problem === null ? end.totals : stored; // After a problem, the workflow's count may be incomplete.

      const { failOnFlaky, passWithNoTests } = input;
      const stoppedEarly = end.stopReason !== null;
      const judged = { ...end, totals, stoppedEarly, failOnFlaky, passWithNoTests, problem: problem?.message ?? null };
      const verdict = {
        status: statusOf(judged),
        exitCode: problem?.code && !end.cancelled ? exitCodeOfError(problem.code) : exitCodeOf(judged),
        totals,
        problem: problem === null ? null : sentenceOf(problem),
      };
      const report: SuiteReport = buildReport({
        input: { ...input, commit: end.commit ?? input.commit },
        result: verdict,
        files,
        startedAtMs,
        finishedAtMs,
        slots,
        changes: end.changes,
        merged: await mergedTotals(input, files, results),
        ...(end.order && { order: end.order }),
        webUrl: webUrlOf(end.workflowId),
      });
      const result = {
        ...run,
        ...verdict,
        report: await claimChecks.store(reportPlace(run), JSON.stringify(report)),
      };
      await results.closeRun(run, result, report.run);
      await results.forget(input.suite, finishedAtMs - DEFAULTS.retentionMs);
      if (end.cancelled) await claimChecks.remove(coveragePlace(run)); // Nobody merges what is only a part.
      await claimChecks.remove(coverageOfSuite(input.suite), finishedAtMs - DEFAULTS.rawCoverageKeptMs);
      return result;
    });

/** Every planned file, in the plan's order. A file that was never recorded did not run. */
async function filesOf(
  { input, batches, stopReason, cancelled }: FinishInput,
  { results, claimChecks }: Pick<ControlAdapters, 'results' | 'claimChecks'>,
): Promise<FileResult[]> {
  const recorded = new Map((await results.filesOf(input)).map((file) => [keyOf(file), file]));
  const reason = stopReason ?? (cancelled ? REASONS.cancelledByUser('the run was cancelled') : undefined);
  const why = reason === undefined ? {} : { reason };
  const files: FileResult[] = [];
  for (const batch of batches) {
    const planned = await claimChecks.unpack(batch.files, OBJECTS.plannedFiles);
    if (planned === null) throw new RunnerError('RUN_UNREADABLE', 'Part of the plan is missing from the object store.');
    for (const file of wholeFiles(planned))
      files.push({ ...file, ...(recorded.get(keyOf(file)) ?? { verdict: 'notRun' as const, attempts: [], ...why }) });
  }
  return files;
}

/** The totals of a rerun merged with the previous run, where new results replace old ones. null for other runs. */
async function mergedTotals(
  { suite, isRerun, previousRunId }: SuiteInput,
  files: readonly FileResult[],
  results: ControlAdapters['results'],
): Promise<Totals | null> {
  if (!isRerun || previousRunId === undefined) return null;
  const all = new Map((await results.filesOf({ suite, runId: previousRunId })).map((file) => [keyOf(file), file]));
  for (const file of files) all.set(keyOf(file), file);
  return totalsOf([...all.values()], [...all.values()].map(judgedOf));
}

/** The workflow's count and the store must agree; if they do not, the run is not green. */
function disagreement(counted: Totals, stored: Totals): Problem | null {
  const [fromWorkflow, fromStore] = [proofLine(counted), proofLine(stored)];
  if (fromWorkflow === fromStore) return null;
  return { code: null, message: `The workflow counted “${fromWorkflow}”, the store holds “${fromStore}”.` };
}

const judgedOf = (file: FileResult) => ({ ...file, cases: decidingCounts(file.attempts) });

function sentenceOf({ message, code }: Problem): string {
  return code === null ? message : new RunnerError(code, message).message;
}
