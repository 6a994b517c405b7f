import { type ChildWorkflowHandle, condition, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import type { Plan } from '../activities/control/index.js';
import type { SuiteInput } from '../core/suite.js';
import { notRunTotals } from '../core/totals.js';
import type { Board } from './board.js';
import { batchAdmitted, fileFailed, limitBatch, stopBatch } from './messages.js';
import { runBatch } from './run-batch.js';
import type { Steering } from './steering.js';

type BatchHandle = ChildWorkflowHandle<typeof runBatch>;

/**
 * Drives a large suite through batches, consecutive slices of the order. The next one starts as soon as those running have admitted all
 * their files, so the order holds across them without a shared counter. Under a limit of attempts in flight they follow one another,
 * so that together they never exceed it. Every batch is on the board afterwards, whatever happened.
 */
export async function driveBatches(
  plan: Plan,
  {
    input,
    board,
    steering,
    whyStopped,
  }: { input: SuiteInput; board: Board; steering: Steering; whyStopped: () => string | null },
): Promise<void> {
  const running = new Map<number, BatchHandle>();
  const admitted = new Set<number>();
  const ends: Promise<void>[] = [];
  const tellAll = (tell: (batch: BatchHandle) => Promise<void>) => {
    for (const batch of running.values()) void tell(batch).catch(() => undefined); // A batch that has just ended needs no word.
  };
  setHandler(batchAdmitted, (batch) => void admitted.add(batch));
  setHandler(fileFailed, () => {
    board.failures += 1;
  });
  const isStopped = () => whyStopped() !== null;
  let isOver = false;
  const stopping = condition(() => isOver || isStopped()).then(
    () => {
      const reason = whyStopped();
      if (reason !== null) tellAll((batch) => batch.signal(stopBatch, reason));
    },
    () => undefined, // Cancelled: so are the batches.
  );
  steering.onLimit = (wanted) => tellAll((batch) => batch.signal(limitBatch, wanted));

  board.openBatches(plan.planned);
  const waiting = new Map(plan.batches.entries());
  try {
    for (const [index, { files }] of plan.batches.entries()) {
      const batch = index + 1;
      const child = await startChild(runBatch, {
        workflowId: `${workflowInfo().workflowId}/batch-${batch}`,
        args: [
          {
            input,
            batch,
            files,
            commit: board.commit,
            typicalMs: plan.typicalMs,
            slots: board.slots,
            maxInFlight: steering.limit,
            planned: plan.planned,
            workers: board.workers,
          },
        ],
        staticSummary: `${input.suite}: batch ${batch} of ${plan.batches.length}`,
      });
      waiting.delete(index);
      board.batches.push(child.workflowId);
      running.set(batch, child);
      ends.push(
        child.result().then(({ totals, slots, changes = [] }) => {
          running.delete(batch);
          board.slots = slots;
          board.changes.push(...changes);
          board.batchEnded(totals);
        }),
      );
      await condition(() => !running.has(batch) || (steering.limit === null && admitted.has(batch)) || isStopped());
      if (isStopped()) break;
    }
  } finally {
    await Promise.allSettled(ends);
    isOver = true;
    await stopping;
    for (const { count } of waiting.values()) board.batchEnded(notRunTotals(count));
  }
  await Promise.all(ends); // A batch that failed outright is the run's problem.
}
