import {
  type ChildWorkflowHandle,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan } from '../../activities/control/index.js';
import { REASONS } from '../../core/model/change.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { notRunTotals } from '../../core/model/totals.js';
import { allowancesOf } from '../../core/schedule/allowance.js';
import type { Steering } from '../controls/steering.js';
import { answerBatch, askRun, batchAdmitted, fileFailed, limitBatch, runAdmitted, stopBatch } from '../messages.js';
import type { Board } from './board.js';
import { runBatch } from './run-batch.js';
import { Turns } from './turns.js';

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
  const ends: Promise<void>[] = [];
  const tellAll = (tell: (batch: BatchHandle) => Promise<void>) => {
    for (const batch of running.values()) void tell(batch).catch(() => undefined); // A batch that has just ended needs no word.
  };
  const turns = new Turns(plan.batches.length, {
    limit: () => steering.limit,
    tellAllAdmitted: (batch) => answer(batch, (asker) => asker.signal(runAdmitted)),
  });
  setHandler(batchAdmitted, (batch, isWaiting) => turns.admitted(batch, isWaiting === true));
  const allowances = allowancesOf(plan.planned, input);
  setHandler(askRun, (batch, what) => answer(batch, (asker) => asker.signal(answerBatch, what, allowances[what].take())));
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
  steering.onLimit = (wanted) => {
    tellAll((batch) => batch.signal(limitBatch, wanted));
    turns.limitChanged();
  };

  board.openBatches(plan.planned);
  const waiting = new Map(plan.batches.entries());
  try {
    for (const [index, { files }] of plan.batches.entries()) {
      const batch = index + 1;
      turns.begins(batch);
      const child = await startChild(runBatch, {
        workflowId: batchId(batch),
        args: [
          {
            input,
            batch,
            files,
            commit: board.commit,
            typicalMs: plan.typicalMs,
            slots: board.slots,
            maxInFlight: steering.limit,
            shared: { repeats: finite(allowances.repeats.limit), copies: finite(allowances.copies.limit) },
            workers: board.workers,
          },
        ],
        staticSummary: `${input.suite}: batch ${batch} of ${plan.batches.length}`,
      });
      waiting.delete(index);
      board.batches.push(child.workflowId);
      running.set(batch, child);
      const end = child.result().then(
        ({ totals, slots, changes = [] }) => {
          running.delete(batch);
          board.slots = slots;
          board.changes.push(...changes);
          board.batchEnded(totals);
        },
        (error: unknown) => {
          running.delete(batch);
          if (!isCancellation(error)) board.stopReason ??= REASONS.suiteStopped(`batch ${batch} failed`);
          throw error;
        },
      );
      end.catch(() => undefined); // Looked at when all have ended.
      ends.push(end);
      await condition(() => !running.has(batch) || turns.mayBeginNext(batch) || isStopped());
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

const batchId = (batch: number) => `${workflowInfo().workflowId}/batch-${batch}`;

/** A batch may speak before it is known to have started. */
function answer(batch: number, tell: (asker: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>): void {
  void tell(getExternalWorkflowHandle(batchId(batch))).catch(() => undefined); // One that has just ended needs no word.
}

/** JSON has no Infinity. */
const finite = (limit: number) => (Number.isFinite(limit) ? limit : null);
