import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { BatchInput, BatchResult } from '../../core/border/index.js';
import { bookkeeping } from '../bookkeeping.js';
import { FileControls, takeFileControls } from '../controls/file-controls.js';
import { driveFiles } from '../file/drive-files.js';
import { progressQuery } from '../messages.js';
import { RunLink } from './batch-protocol.js';
import { FleetView } from './fleet-view.js';
import { RunState } from './run-state.js';

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
