import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  type SignalDefinition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type ChangeRecord, REASONS } from '../../core/model/change.js';
import type { Parcel } from '../../core/model/parcel.js';
import type { PlannedFile, SuiteInput, Totals } from '../../core/model/suite.js';
import { allowancesOf, type Shared } from '../../core/schedule/allowance.js';
import { bookkeeping } from '../bookkeeping.js';
import { FileOrders, takeFileOrders } from '../controls/file-orders.js';
import { driveFiles } from '../file/drive-files.js';
import { askRun, batchAdmitted, fileFailed, limitBatch, progressQuery, runAdmitted, stopBatch } from '../messages.js';
import { askedOfRun } from '../sharing/asked-of-run.js';
import { Board } from './board.js';

export type BatchInput = {
  readonly input: SuiteInput;
  /** Number of the batch, from 1. */
  readonly batch: number;
  readonly files: Parcel<readonly PlannedFile[]>;
  readonly commit: string | null;
  readonly typicalMs: number | null;
  readonly slots: number;
  readonly maxInFlight: number | null;
  /** Names of workers; runs of an older version do not tell. */
  readonly workers?: readonly string[];
  /** What the run keeps for all its batches, which ask for each piece; null: as many as they like. Of older versions, each batch has its own. */
  readonly shared?: Readonly<Record<Shared, number | null>>;
};

export type BatchResult = { readonly totals: Totals; readonly slots: number; readonly changes?: readonly ChangeRecord[] };

/** A part of a large suite: its files to their verdicts, in a history of its own. Cancelled, it still tells what it knows. */
export async function runBatch({
  input,
  batch,
  files,
  commit,
  typicalMs,
  slots,
  maxInFlight,
  shared,
  workers = [],
}: BatchInput): Promise<BatchResult> {
  const board = new Board();
  const parent = tellParent();
  let limit = maxInFlight;
  let stopReason: string | null = null;
  let failuresTold = 0;
  setHandler(progressQuery, (cursor) => board.progress(cursor));
  setHandler(limitBatch, (wanted) => {
    limit = wanted;
  });
  setHandler(stopBatch, (reason = REASONS.suiteStopped('enough test files failed')) => {
    stopReason = reason;
  });
  let isRunAdmitted = shared === undefined;
  setHandler(runAdmitted, () => {
    isRunAdmitted = true;
  });
  const orders = new FileOrders(board, input);
  takeFileOrders(orders, board);

  board.phase = 'running';
  board.slots = slots;
  board.workers = workers;
  try {
    const opened = await CancellationScope.nonCancellable(() => bookkeeping(input.queues).openBatch(files)); // Also to say that none was run.
    await driveFiles(opened, {
      input,
      commit,
      board,
      typicalMs,
      maxInFlight: () => limit,
      orders,
      allowances: shared ? askedOfRun(shared, (what) => parent.tell(askRun, batch, what)) : allowancesOf(opened.length, input),
      isRunAdmitted: () => isRunAdmitted,
      whyStopped: () => stopReason ?? board.stopReason,
      onAdmitted: () => parent.tell(batchAdmitted, batch, shared !== undefined),
      onJudged: () => {
        if (input.maxFailures === null) return;
        for (; failuresTold < board.failures; failuresTold += 1) parent.tell(fileFailed);
      },
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
  board.phase = 'finished';
  await parent.allTold();
  return { totals: board.totals(), slots: board.slots, changes: board.changes };
}

/** Signals to the run this batch is a part of. One that cannot be delivered is not missed: the run that is gone or cancelled needs it no more. */
function tellParent() {
  const { parent } = workflowInfo();
  const run = parent && getExternalWorkflowHandle(parent.workflowId, parent.runId);
  const told: Promise<void>[] = [];
  return {
    tell<Args extends unknown[]>(signal: SignalDefinition<Args>, ...args: Args): void {
      if (run) told.push(run.signal(signal, ...args).catch(() => undefined));
    },
    async allTold(): Promise<void> {
      await Promise.all(told);
    },
  };
}
