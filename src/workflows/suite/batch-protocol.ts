import {
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  type SignalDefinition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { REASONS } from '../../core/model/change.js';
import type { BudgetName, LocalBudget, RunBudget, RunBudgets } from '../../core/schedule/run-budget.js';

/*
 * A run and its batches, all by signal. What the batches share (budgets, the limit of attempts in flight) stays with the run.
 *
 *   run ── startChild ────────────────────────▶ batch
 *   run ◀─ batchAdmitted(batch) ──────────────  batch    each file of the batch has had its turn
 *   run ── runAdmitted ───────────────────────▶ batch    each file of the run has, or cannot before this batch ends
 *   run ◀─ askRun(batch, budget, amount) ─────  batch    wants some of a shared budget
 *   run ── answerBatch(budget, granted) ──────▶ batch    one answer a question, in their order
 *   run ◀─ fileFailed ────────────────────────  batch    only where the run has a limit of failures
 *   run ── limitBatch(n) ─────────────────────▶ batch    attempts in flight from now on: null no limit, 0 paused
 *   run ── stopBatch(reason) ─────────────────▶ batch    start no further file, end those that run
 */
const batchAdmitted = defineSignal<[number]>('batchAdmitted');
const runAdmitted = defineSignal('runAdmitted');
const askRun = defineSignal<[number, BudgetName, number]>('askRun');
const answerBatch = defineSignal<[BudgetName, boolean]>('answerBatch');
const fileFailed = defineSignal('fileFailed');
const limitBatch = defineSignal<[number | null]>('limitBatch');
const stopBatch = defineSignal<[string]>('stopBatch');

type Handle = { signal<Args extends unknown[]>(signal: SignalDefinition<Args>, ...args: Args): Promise<void> };

/** One that has just ended needs no message any more. */
function send<Args extends unknown[]>(to: Handle, signal: SignalDefinition<Args>, ...args: Args): void {
  void to.signal(signal, ...args).catch(() => undefined);
}

export const batchIdOf = (batch: number) => `${workflowInfo().workflowId}/batch-${batch}`;

/** The run's end. Batches are numbered from 1. */
export class BatchLinks {
  readonly #count: number;
  readonly #limit: () => number | null;
  /** Those that run. */
  readonly #running = new Map<number, Handle>();
  readonly #admitted = new Set<number>();
  /** Of those, the ones that do not know yet that the whole run is. */
  readonly #uninformed = new Set<number>();
  #begun = 0;

  /** `limit`: attempts that may be in flight; null for no limit, 0 while the run is paused. */
  constructor(
    count: number,
    of: {
      readonly limit: () => number | null;
      readonly budgets: Readonly<Record<BudgetName, LocalBudget>>;
      readonly onFailure: () => void;
    },
  ) {
    this.#count = count;
    this.#limit = of.limit;
    setHandler(batchAdmitted, (batch) => {
      this.#admitted.add(batch);
      this.#uninformed.add(batch);
      this.#inform();
    });
    // A batch may ask before it is known to have started.
    setHandler(askRun, (batch, what, amount) =>
      send(getExternalWorkflowHandle(batchIdOf(batch)), answerBatch, what, of.budgets[what].take(amount)),
    );
    setHandler(fileFailed, of.onFailure);
  }

  begins(batch: number): void {
    this.#begun = batch;
  }

  started(batch: number, handle: Handle): void {
    this.#running.set(batch, handle);
  }

  ended(batch: number): void {
    this.#running.delete(batch);
  }

  isRunning(batch: number): boolean {
    return this.#running.has(batch);
  }

  /** The next batch may begin when this one has admitted its files; under a limit batches follow one another, or together they would exceed it. */
  mayBeginNext(batch: number): boolean {
    return !this.#running.has(batch) || (this.#limit() === null && this.#admitted.has(batch));
  }

  limitChanged(): void {
    for (const handle of this.#running.values()) send(handle, limitBatch, this.#limit());
    this.#inform();
  }

  stop(reason: string): void {
    for (const handle of this.#running.values()) send(handle, stopBatch, reason);
  }

  /** A batch for whose end the next one waits must not wait for the next. */
  #inform(): void {
    const limit = this.#limit();
    const isNextWaiting = limit !== null && limit > 0 && this.#admitted.size === this.#begun;
    if (!isNextWaiting && this.#admitted.size < this.#count) return;
    for (const batch of this.#uninformed) send(getExternalWorkflowHandle(batchIdOf(batch)), runAdmitted);
    this.#uninformed.clear();
  }
}

/** The batch's end. */
export class RunLink {
  readonly #batch: number;
  readonly #run: Handle | undefined;
  readonly #sent: Promise<void>[] = [];
  /** Attempts that may be in flight. */
  limit: number | null;
  stopReason: string | null = null;
  isRunAdmitted = false;

  constructor(batch: number, limit: number | null) {
    const { parent } = workflowInfo();
    this.#batch = batch;
    this.#run = parent && getExternalWorkflowHandle(parent.workflowId, parent.runId);
    this.limit = limit;
    setHandler(limitBatch, (wanted) => {
      this.limit = wanted;
    });
    setHandler(stopBatch, (reason = REASONS.suiteStopped('enough test files failed')) => {
      this.stopReason = reason;
    });
    setHandler(runAdmitted, () => {
      this.isRunAdmitted = true;
    });
  }

  admitted(): void {
    this.#tell(batchAdmitted, this.#batch);
  }

  failed(): void {
    this.#tell(fileFailed);
  }

  /** Budgets that the run keeps; null: without limit, of which nobody has to ask. */
  budgets(limits: Readonly<Record<BudgetName, number | null>>): RunBudgets {
    const ask = (what: BudgetName) => (amount: number) => this.#tell(askRun, this.#batch, what, amount);
    const remote = {
      retries: new RemoteBudget(limits.retries, ask('retries')),
      copies: new RemoteBudget(limits.copies, ask('copies')),
    };
    setHandler(answerBatch, (what, isGranted) => remote[what].answered(isGranted));
    return remote;
  }

  /** Settles when the run has all messages. */
  async flush(): Promise<void> {
    await Promise.all(this.#sent);
  }

  /** A run that is gone or cancelled needs no message any more. */
  #tell<Args extends unknown[]>(signal: SignalDefinition<Args>, ...args: Args): void {
    if (this.#run) this.#sent.push(this.#run.signal(signal, ...args).catch(() => undefined));
  }
}

/** A budget that the run keeps: each piece is asked for. */
class RemoteBudget implements RunBudget {
  readonly limit: number;
  readonly #ask: (amount: number) => void;
  readonly #answers: boolean[] = [];
  #questions = 0;
  /** What is left is less than this. */
  #leastRefused = Number.POSITIVE_INFINITY;

  constructor(limit: number | null, ask: (amount: number) => void) {
    this.limit = limit ?? Number.POSITIVE_INFINITY;
    this.#ask = ask;
  }

  get isUsedUp(): boolean {
    return this.limit === 0;
  }

  async take(amount: number): Promise<boolean> {
    if (this.limit === Number.POSITIVE_INFINITY) return true;
    if (amount > this.limit || amount >= this.#leastRefused) return false;
    const question = this.#questions;
    this.#questions += 1;
    this.#ask(amount);
    await condition(() => this.#answers.length > question);
    const isGranted = this.#answers[question] === true;
    if (!isGranted) this.#leastRefused = Math.min(this.#leastRefused, amount);
    return isGranted;
  }

  answered(isGranted: boolean): void {
    this.#answers.push(isGranted);
  }
}
