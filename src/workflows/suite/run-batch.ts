import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { ChangeRecord } from '../../core/model/change.js';
import type { ClaimCheck } from '../../core/model/claim-check.js';
import type { PlannedFile, SuiteInput, Totals } from '../../core/model/suite.js';
import type { BudgetName } from '../../core/schedule/run-budget.js';
import { bookkeeping } from '../bookkeeping.js';
import { FileControls, takeFileControls } from '../controls/file-controls.js';
import { driveFiles } from '../file/drive-files.js';
import { progressQuery } from '../messages.js';
import { RunLink } from './batch-protocol.js';
import { FleetView } from './fleet-view.js';
import { RunState } from './run-state.js';

export type BatchInput = {
  readonly input: SuiteInput;
  /** Number of the batch, from 1. */
  readonly batch: number;
  readonly files: ClaimCheck<readonly PlannedFile[]>;
  readonly commit: string | null;
  readonly typicalMs: number | null;
  readonly callMs: number | null;
  readonly slots: number;
  /** Names of workers that take work. */
  readonly workers: readonly string[];
  readonly maxInFlight: number | null;
  /** Budgets that the run keeps for all its batches; null: unlimited. */
  readonly budgets: Readonly<Record<BudgetName, number | null>>;
};

export type BatchResult = { readonly totals: Totals; readonly slots: number; readonly changes: readonly ChangeRecord[] };

/** Runs one slice of a large suite, in a history of its own. If cancelled, it still returns its totals. */
export async function runBatch(batchInput: BatchInput): Promise<BatchResult> {
  const { input, batch, files, commit, typicalMs, callMs, maxInFlight, budgets } = batchInput;
  const state = new RunState('running', new FleetView(batchInput));
  const run = new RunLink(batch, maxInFlight);
  let failuresReported = 0;
  setHandler(progressQuery, (cursor) => state.progress(cursor));
  const controls = new FileControls(state, input);
  takeFileControls(controls, state, input);
  try {
    // Needed even if cancelled, to count the files as not run.
    const opened = await CancellationScope.nonCancellable(() => bookkeeping(input.queues).openBatch(files));
    await driveFiles(opened, {
      input,
      commit,
      state,
      typicalMs,
      callMs,
      controls,
      maxInFlight: () => run.limit,
      budgets: run.budgets(budgets),
      isRunAdmitted: () => run.isRunAdmitted,
      stopReason: () => run.stopReason ?? state.stopReason,
      onAdmitted: () => run.admitted(),
      onJudged() {
        if (input.maxFailures === null) return;
        for (; failuresReported < state.books.failures; failuresReported += 1) run.failed();
      },
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
  state.phase = 'finished';
  await run.flush();
  return { totals: state.totals(), slots: state.fleet.slots, changes: state.changes };
}
