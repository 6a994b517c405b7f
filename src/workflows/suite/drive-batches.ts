import { condition, isCancellation, startChild } from '@temporalio/workflow';
import type { Plan } from '../../core/border/index.js';
import { REASONS } from '../../core/model/change.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { notRunTotals } from '../../core/model/totals.js';
import { runBudgetsFor } from '../../core/schedule/run-budget.js';
import type { RunControls } from '../controls/run-controls.js';
import { BatchLinks, batchIdOf } from './batch-protocol.js';
import { runBatch } from './run-batch.js';
import type { RunState } from './run-state.js';

type BatchesOf = {
  readonly input: SuiteInput;
  readonly state: RunState;
  readonly controls: RunControls;
  readonly stopReason: () => string | null;
};

/**
 * Runs a large suite in batches: consecutive slices of the order. The next batch starts once the running ones have admitted all
 * their files, which keeps the order across batches without a shared counter. Under a limit of attempts in flight, batches run
 * one after another, so that together they never exceed it. Afterwards the books have the totals of every batch.
 */
export async function driveBatches(plan: Plan, { input, state, controls, stopReason }: BatchesOf): Promise<void> {
  const { books, fleet } = state;
  const budgets = runBudgetsFor(plan, input);
  const links = new BatchLinks(plan.batches.length, {
    limit: () => controls.limit,
    budgets,
    onFailure: () => {
      books.failures += 1;
    },
  });
  controls.onLimit = () => links.limitChanged();
  const isStopped = () => stopReason() !== null;
  let isOver = false;
  const stopping = condition(() => isOver || isStopped()).then(
    () => {
      const reason = stopReason();
      if (reason !== null) links.stop(reason);
    },
    () => undefined, // Cancelled, and so are the batches.
  );

  books.openBatches(plan.planned);
  const ends: Promise<void>[] = [];
  const waiting = new Map(plan.batches.entries());
  try {
    for (const [index, { files }] of plan.batches.entries()) {
      const batch = index + 1;
      links.begins(batch);
      const child = await startChild(runBatch, {
        workflowId: batchIdOf(batch),
        args: [
          {
            input,
            batch,
            files,
            commit: state.commit,
            typicalMs: plan.typicalMs,
            callMs: plan.callMs,
            slots: fleet.slots,
            workers: fleet.workers,
            maxInFlight: controls.limit,
            budgets: { retries: finite(budgets.retries.limit), copies: finite(budgets.copies.limit) },
          },
        ],
        staticSummary: `${input.suite}: batch ${batch} of ${plan.batches.length}`,
      });
      waiting.delete(index);
      state.batches.push(child.workflowId);
      links.started(batch, child);
      const end = child.result().then(
        ({ totals, slots, changes }) => {
          links.ended(batch);
          fleet.slots = slots;
          state.changes.push(...changes);
          books.batchEnded(totals);
        },
        (error: unknown) => {
          links.ended(batch);
          if (!isCancellation(error)) state.stopReason ??= REASONS.suiteStopped(`batch ${batch} failed`);
          throw error;
        },
      );
      end.catch(() => undefined); // Awaited below.
      ends.push(end);
      await condition(() => links.mayBeginNext(batch) || isStopped());
      if (isStopped()) break;
    }
  } finally {
    await Promise.allSettled(ends);
    isOver = true;
    await stopping;
    for (const { count } of waiting.values()) books.batchEnded(notRunTotals(count));
  }
  await Promise.all(ends); // A batch that failed outright fails the run.
}

/** JSON has no Infinity. */
const finite = (limit: number) => (Number.isFinite(limit) ? limit : null);
