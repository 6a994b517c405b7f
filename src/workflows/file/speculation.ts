import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { activityIdOf, attemptIdIn, attemptIdOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { Copy, SuiteInput } from '../../core/model/suite.js';
import { accountOf, type Contender, type Contenders, isDecided, type RacedAttempt, winnerOf } from '../../core/schedule/race.js';
import type { RunBudget } from '../../core/schedule/run-budget.js';
import { worthACopy } from '../../core/schedule/speculation.js';
import { bookkeeping } from '../bookkeeping.js';
import type { RunState } from '../suite/run-state.js';
import type { Dispatch } from './dispatch.js';

type Run = (order: Dispatch) => Promise<readonly AttemptRecord[]>;

/**
 * Second copies of slow attempts: near the end, where a slot is idle and a fresh run would be over sooner. The first pass wins and the other
 * copy is ended; a red result waits for the other. Neither counts as a retry.
 */
export class Speculation {
  readonly #input: SuiteInput;
  readonly #state: RunState;
  readonly #budget: RunBudget;
  /** By the id of the attempt. */
  readonly #copied = new Map<string, RacedAttempt>();

  constructor(input: SuiteInput, state: RunState, budget: RunBudget) {
    this.#input = input;
    this.#state = state;
    this.#budget = budget;
  }

  /** Looks for slow attempts once every file has had its turn, ever more rarely, until it is over. Only an idle slot takes a copy: it has the lowest priority. */
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
      if (!isCancellation(error)) throw error; // The run is stopped: nobody needs copies.
    }
  }

  /**
   * Runs a file, and a copy of it once one is wanted. Settles when both have ended, cancelled or not; `copy` tells of the one whose result does
   * not count.
   */
  async race(order: Dispatch, run: Run): Promise<{ readonly records: readonly AttemptRecord[]; readonly copy?: Copy }> {
    if (!this.#input.speculation) return { records: await run(order) };
    const id = attemptIdOf(order.assignments[0]);
    const original = start(order, run);
    try {
      await condition(() => original.runner().kind === 'ended' || this.#copied.has(id));
    } catch (error) {
      await original.end;
      throw error;
    }
    const raced = this.#copied.get(id);
    if (original.runner().kind === 'ended' || raced === undefined) return { records: await original.records };

    const copy = start(asCopyOf(order), run);
    const pair = () => ({ original: original.runner(), copy: copy.runner() });
    try {
      await this.#untilDecided(pair, activityIdOf(order.assignments[0], { isCopy: true }));
    } finally {
      const loser = winnerOf(pair()) === 'copy' ? original : copy;
      loser.cancel();
      await Promise.all([original.end, copy.end]);
    }
    await (winnerOf(pair()) === 'copy' ? copy : original).records; // Cancelled from outside: thrown.
    return accountOf(pair(), raced);
  }

  /** Each copy is paid from a budget in time. */
  async #chooseStragglers(): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    const found = worthACopy(await bookkeeping(this.#input.queues).lookAtRunning({ workflowId, runId }), {
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

  /** Until one has passed. A red result, or a loss, waits for the other if that has begun by then. */
  async #untilDecided(pair: () => Contenders, copyId: string): Promise<void> {
    await condition(() => isDecided(pair()) || Object.values(pair()).some(({ kind }) => kind === 'ended'));
    if (isDecided(pair())) return;
    if (pair().copy.kind === 'running' && !(await this.#hasBegun(copyId))) return;
    await condition(() => isDecided(pair()));
  }

  /** Does it run, or is it still waiting for an idle slot? */
  async #hasBegun(copyId: string): Promise<boolean> {
    const { workflowId, runId } = workflowInfo();
    const running = await bookkeeping(this.#input.queues).lookAtRunning({ workflowId, runId });
    return running.some(({ activityId }) => activityId === copyId);
  }

  /** null for what must not run twice at once, or has a copy already. */
  #estimateOf(activityId: string): number | null {
    if (this.#copied.has(attemptIdIn(activityId))) return null;
    const file = this.#state.fileOfAttempt(activityId);
    if (file === undefined || file.overlap === false || file.serial !== undefined || file.resources !== undefined) return null;
    return file.estimateMs;
  }
}

/** An attempt in a scope of its own. `end` settles when it has ended, however it did. */
function start(order: Dispatch, run: Run) {
  const scope = new CancellationScope();
  let runner: Contender = { kind: 'running' };
  const ended = (record: AttemptRecord | null) => {
    runner = { kind: 'ended', record, atMs: Date.now() };
  };
  const records = scope.run(() => run(order));
  const end = records.then(
    ([record = null]) => ended(record),
    (error: unknown) => {
      ended(null);
      if (!isCancellation(error)) throw error;
    },
  );
  end.catch(() => undefined); // Thrown where it is awaited.
  return { records, end, runner: () => runner, cancel: () => scope.cancel() };
}

/** A copy goes to any idle slot, whoever was preferred for the original. */
function asCopyOf({ preferred: _, ...order }: Dispatch): Dispatch {
  return { ...order, isCopy: true };
}
