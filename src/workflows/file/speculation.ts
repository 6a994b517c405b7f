import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { activityIdOf, attemptIdIn, attemptIdOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { Copy, SuiteInput } from '../../core/model/suite.js';
import { accountOf, type Contender, type Contenders, isDecided, type RacedAttempt, winnerOf } from '../../core/schedule/race.js';
import type { RunBudget } from '../../core/schedule/run-budget.js';
import { attemptsWorthCopying } from '../../core/schedule/speculation.js';
import { bookkeeping } from '../bookkeeping.js';
import type { RunState } from '../suite/run-state.js';
import type { Dispatch } from './dispatch.js';

type Run = (order: Dispatch) => Promise<readonly AttemptRecord[]>;

/**
 * Speculative attempts: near the end of the run, a slow attempt gets a twin if a slot is idle and a new attempt would finish
 * sooner. The first to pass wins and the other is stopped; a red result waits for the other. Neither counts as a retry.
 */
export class Speculation {
  readonly #input: SuiteInput;
  readonly #state: RunState;
  readonly #budget: RunBudget;
  /** By attempt id. */
  readonly #copied = new Map<string, RacedAttempt>();

  constructor(input: SuiteInput, state: RunState, budget: RunBudget) {
    this.#input = input;
    this.#state = state;
    this.#budget = budget;
  }

  /** Looks for slow attempts once all files are admitted, at growing intervals. Priority keeps copies to idle slots. */
  async watch({ isNearEnd, isOver }: { isNearEnd: () => boolean; isOver: () => boolean }): Promise<void> {
    if (!this.#input.speculation) return;
    try {
      for (let lookMs: number = DEFAULTS.stragglerLookMs; !this.#budget.isUsedUp; ) {
        await condition(() => isOver() || isNearEnd());
        if (isOver() || (await condition(isOver, lookMs, { summary: 'look for slow files' }))) return;
        await this.#chooseStragglers();
        lookMs = Math.min(1.5 * lookMs, DEFAULTS.longestStragglerLookMs);
      }
    } catch (error) {
      if (!isCancellation(error)) throw error; // The run is stopped, so no copies are needed.
    }
  }

  /**
   * Runs a file, and a copy of the attempt once `watch` has chosen it. Settles when both have ended, even if cancelled; `copy` is
   * the one whose result does not count. Throws if cancelled from outside.
   */
  async race(order: Dispatch, run: Run): Promise<{ readonly records: readonly AttemptRecord[]; readonly copy?: Copy }> {
    if (!this.#input.speculation) return { records: await run(order) };
    const id = attemptIdOf(order.assignments[0]);
    const original = start(order, run);
    try {
      await condition(() => original.contender().kind === 'ended' || this.#copied.has(id));
    } catch (error) {
      await original.end;
      throw error;
    }
    const raced = this.#copied.get(id);
    if (original.contender().kind === 'ended' || raced === undefined) return { records: await original.records };

    const copy = start(asCopyOf(order), run);
    const pair = () => ({ original: original.contender(), copy: copy.contender() });
    try {
      await this.#untilDecided(pair, activityIdOf(order.assignments[0], { isCopy: true }));
    } finally {
      const loser = winnerOf(pair()) === 'copy' ? original : copy;
      loser.cancel();
      await Promise.all([original.end, copy.end]);
    }
    await (winnerOf(pair()) === 'copy' ? copy : original).records; // Throws if cancelled from outside.
    return accountOf(pair(), raced);
  }

  /** Each copy takes its estimate from the budget. */
  async #chooseStragglers(): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    const found = attemptsWorthCopying(await bookkeeping(this.#input.queues).lookAtRunning({ workflowId, runId }), {
      estimateOf: (activityId) => this.#estimateOf(activityId),
      paces: this.#state.fleet.paces,
      nowMs: Date.now(),
    });
    for (const straggler of found) {
      const costMs = this.#estimateOf(straggler.activityId) ?? 0;
      if (await this.#budget.take(costMs))
        this.#copied.set(attemptIdIn(straggler.activityId), { ...straggler, copiedAtMs: Date.now() });
    }
  }

  /** Waits until one has passed. After a red result or a loss, waits for the other only if that has started by then. */
  async #untilDecided(pair: () => Contenders, copyId: string): Promise<void> {
    await condition(() => isDecided(pair()) || Object.values(pair()).some(({ kind }) => kind === 'ended'));
    if (isDecided(pair())) return;
    if (pair().copy.kind === 'running' && !(await this.#hasStarted(copyId))) return;
    await condition(() => isDecided(pair()));
  }

  /** Is the copy running, or still waiting for an idle slot? */
  async #hasStarted(copyId: string): Promise<boolean> {
    const { workflowId, runId } = workflowInfo();
    const running = await bookkeeping(this.#input.queues).lookAtRunning({ workflowId, runId });
    return running.some(({ activityId }) => activityId === copyId);
  }

  /** null for a file that must not run twice at once, or an attempt that has a copy already. */
  #estimateOf(activityId: string): number | null {
    if (this.#copied.has(attemptIdIn(activityId))) return null;
    const file = this.#state.fileOfAttempt(activityId);
    if (file === undefined || file.overlap === false || file.serial !== undefined || file.resources !== undefined) return null;
    if (file.apart !== undefined) return null;
    return file.estimateMs;
  }
}

/** Starts an attempt in its own scope. `end` settles once the attempt has ended; it rejects only on an unexpected error. */
function start(order: Dispatch, run: Run) {
  const scope = new CancellationScope();
  let contender: Contender = { kind: 'running' };
  const ended = (record: AttemptRecord | null) => {
    contender = { kind: 'ended', record, atMs: Date.now() };
  };
  const records = scope.run(() => run(order));
  const end = records.then(
    ([record = null]) => ended(record),
    (error: unknown) => {
      ended(null);
      if (!isCancellation(error)) throw error;
    },
  );
  end.catch(() => undefined); // Handled where it is awaited.
  return { records, end, contender: () => contender, cancel: () => scope.cancel() };
}

/** A copy goes to any idle slot, whichever worker the original preferred. */
function asCopyOf({ preferred: _, ...order }: Dispatch): Dispatch {
  return { ...order, isCopy: true };
}
