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
 * Signals between a run and its batches. State that the batches share (budgets, the limit of attempts in flight) is kept by the run.
 *
 *   run ── startChild ────────────────────────▶ batch
 *   run ◀─ batchAdmitted(batch) ──────────────  batch    all files of the batch have been admitted
 *   run ── runAdmitted ───────────────────────▶ batch    all files of the run have been, or cannot be before this batch ends
 *   run ◀─ askRun(batch, budget, amount) ─────  batch    requests an amount from a shared budget
 *   run ── answerBatch(budget, granted) ──────▶ batch    one answer per request, in the same order
 *   run ◀─ fileFailed ────────────────────────  batch    only if the run has `maxFailures`
 *   run ── limitBatch(n) ─────────────────────▶ batch    new limit of attempts in flight: null no limit, 0 paused
 *   run ── stopBatch(reason) ─────────────────▶ batch    start no more files, stop the running ones
 */
const batchAdmitted = defineSignal<[number]>('batchAdmitted');
const runAdmitted = defineSignal('runAdmitted');
const askRun = defineSignal<[number, BudgetName, number]>('askRun');
const answerBatch = defineSignal<[BudgetName, boolean]>('answerBatch');
const fileFailed = defineSignal('fileFailed');
const limitBatch = defineSignal<[number | null]>('limitBatch');
const stopBatch = defineSignal<[string]>('stopBatch');

type Handle = { signal<Args extends unknown[]>(signal: SignalDefinition<Args>, ...args: Args): Promise<void> };

/** Ignores failures: a workflow that has just ended needs no more messages. */
function send<Args extends unknown[]>(to: Handle, signal: SignalDefinition<Args>, ...args: Args): void {
  void to.signal(signal, ...args).catch(() => undefined);
}

export const batchIdOf = (batch: number) => `${workflowInfo().workflowId}/batch-${batch}`;

/** The run's side of the protocol. Batches are numbered from 1. */
export class BatchLinks {
  readonly #count: number;
  readonly #limit: () => number | null;
  readonly #running = new Map<number, Handle>();
  readonly #admitted = new Set<number>();
  /** Admitted batches that have not been sent `runAdmitted`. */
  readonly #uninformed = new Set<number>();
  /** Number of the latest batch. */
  #latest = 0;

  /** `limit`: the limit of attempts in flight; null for no limit, 0 while the run is paused. */
  constructor(
    count: number,
    {
      limit,
      budgets,
      onFailure,
    }: {
      readonly limit: () => number | null;
      readonly budgets: Readonly<Record<BudgetName, LocalBudget>>;
      readonly onFailure: () => void;
    },
  ) {
    this.#count = count;
    this.#limit = limit;
    setHandler(batchAdmitted, (batch) => {
      this.#admitted.add(batch);
      this.#uninformed.add(batch);
      this.#inform();
    });
    // Not via #running: a batch may ask before the run has seen it start.
    setHandler(askRun, (batch, budget, amount) =>
      send(getExternalWorkflowHandle(batchIdOf(batch)), answerBatch, budget, budgets[budget].take(amount)),
    );
    setHandler(fileFailed, onFailure);
  }

  begins(batch: number): void {
    this.#latest = batch;
  }

  started(batch: number, handle: Handle): void {
    this.#running.set(batch, handle);
  }

  ended(batch: number): void {
    this.#running.delete(batch);
  }

  /** The next batch may start once this one has admitted its files; under a limit, which two might exceed, once it has ended. */
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

  /** Sends `runAdmitted`: when all batches have been admitted, or if the next one waits for these to end, to avoid a deadlock. */
  #inform(): void {
    const limit = this.#limit();
    const isNextWaiting = limit !== null && limit > 0 && this.#admitted.size === this.#latest;
    if (!isNextWaiting && this.#admitted.size < this.#count) return;
    for (const batch of this.#uninformed) send(getExternalWorkflowHandle(batchIdOf(batch)), runAdmitted);
    this.#uninformed.clear();
  }
}

/** The batch's side of the protocol. */
export class RunLink {
  readonly #batch: number;
  readonly #run: Handle | undefined;
  readonly #sent: Promise<void>[] = [];
  /** Limit of attempts in flight; null for no limit, 0 while the run is paused. */
  limit: number | null;
  stopReason: string | null = null;
  isRunAdmitted = false;

  constructor(batch: number, limit: number | null) {
    const { parent } = workflowInfo();
    this.#batch = batch;
    this.#run = parent && getExternalWorkflowHandle(parent.workflowId, parent.runId);
    this.limit = limit;
    setHandler(limitBatch, (newLimit) => {
      this.limit = newLimit;
    });
    setHandler(stopBatch, (reason = REASONS.suiteStopped('enough test files failed')) => {
      this.stopReason = reason;
    });
    setHandler(runAdmitted, () => {
      this.isRunAdmitted = true;
    });
  }

  admitted(): void {
    this.#send(batchAdmitted, this.#batch);
  }

  failed(): void {
    this.#send(fileFailed);
  }

  /** Budgets that the run keeps; null: unlimited, so that no request is sent. */
  budgets(limits: Readonly<Record<BudgetName, number | null>>): RunBudgets {
    const ask = (budget: BudgetName) => (amount: number) => this.#send(askRun, this.#batch, budget, amount);
    const remote = {
      retries: new RemoteBudget(limits.retries, ask('retries')),
      copies: new RemoteBudget(limits.copies, ask('copies')),
    };
    setHandler(answerBatch, (budget, isGranted) => remote[budget].answered(isGranted));
    return remote;
  }

  /** Resolves once all messages have been sent. */
  async flush(): Promise<void> {
    await Promise.all(this.#sent);
  }

  /** Ignores failures: a run that has ended or was cancelled needs no more messages. */
  #send<Args extends unknown[]>(signal: SignalDefinition<Args>, ...args: Args): void {
    if (this.#run) this.#sent.push(this.#run.signal(signal, ...args).catch(() => undefined));
  }
}

/** A budget that the run keeps: each amount is requested from it. */
class RemoteBudget implements RunBudget {
  readonly limit: number;
  readonly #ask: (amount: number) => void;
  readonly #answers: boolean[] = [];
  #requests = 0;
  /** Less than this is left. */
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
    const request = this.#requests;
    this.#requests += 1;
    this.#ask(amount);
    await condition(() => this.#answers.length > request);
    const isGranted = this.#answers[request] === true;
    if (!isGranted) this.#leastRefused = Math.min(this.#leastRefused, amount);
    return isGranted;
  }

  answered(isGranted: boolean): void {
    this.#answers.push(isGranted);
  }
}
