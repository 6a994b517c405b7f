import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { RunningAttempt } from '../../core/fleet/fleet.js';
import { activityIdOf, dispatchOf } from '../../core/model/activity-id.js';
import type { AttemptOutcome, AttemptRecord } from '../../core/model/attempt.js';
import type { Copy, SuiteInput } from '../../core/model/suite.js';
import type { Allowance } from '../../core/schedule/allowance.js';
import { remainingMs, type Straggler, worthACopy } from '../../core/schedule/speculation.js';
import { bookkeeping } from '../bookkeeping.js';
import type { Board } from '../suite/board.js';
import type { Turn } from './dispatch.js';

type Run = (turn: Turn) => Promise<AttemptRecord>;
export type Raced = { readonly records: readonly AttemptRecord[]; readonly copy?: Copy | undefined };
type Copied = RunningAttempt & Straggler & { readonly copiedAtMs: number };

/**
 * Second copies of slow attempts: near the end, where a slot is idle and a fresh run would be over sooner. The first pass wins and the other
 * copy is ended; what is red waits for the other. Neither counts as a repeat.
 */
export class Stragglers {
  readonly #input: SuiteInput;
  readonly #board: Board;
  readonly #allowance: Allowance;
  /** By the id of the activity. */
  readonly #copied = new Map<string, Copied>();

  constructor(input: SuiteInput, board: Board, allowance: Allowance) {
    this.#input = input;
    this.#board = board;
    this.#allowance = allowance;
  }

  get mayCopy(): boolean {
    return this.#input.speculation?.enabled === true;
  }

  /** Looks for stragglers once every file has had its turn, ever more rarely, until it is over. Only an idle slot takes a copy: it has the lowest priority. */
  async watch(when: { isNearEnd: () => boolean; isOver: () => boolean }): Promise<void> {
    if (!this.mayCopy) return;
    try {
      await this.#look(when);
    } catch (error) {
      if (!isCancellation(error)) throw error; // The run is stopped: nobody needs copies.
    }
  }

  async #look({ isNearEnd, isOver }: { isNearEnd: () => boolean; isOver: () => boolean }): Promise<void> {
    const { queues } = this.#input;
    const { workflowId, runId } = workflowInfo();
    const { lookAtRunning } = bookkeeping(queues);
    for (let lookMs: number = DEFAULTS.stragglerLookMs; !this.#allowance.isUsedUp; ) {
      await condition(() => isOver() || isNearEnd());
      if (isOver() || (await condition(isOver, lookMs, { summary: 'look for slow files' }))) return;
      const found = worthACopy(await lookAtRunning({ workflowId, runId }), {
        estimateOf: (activityId) => this.#estimateOf(activityId),
        paces: this.#board.paces,
        nowMs: Date.now(),
      });
      for (const straggler of found) {
        if (!(await this.#allowance.take())) break;
        this.#copied.set(dispatchOf(straggler.activityId), { ...straggler, copiedAtMs: Date.now() });
      }
      lookMs = Math.min(1.5 * lookMs, DEFAULTS.longestStragglerLookMs);
    }
  }

  /**
   * Runs an attempt, and a copy of it once one is wanted. Where the original is lost meanwhile, it is told as a loss beside what its copy says.
   * Settles when both have ended, cancelled or not.
   */
  async race(turn: Turn, run: Run): Promise<Raced> {
    const id = dispatchOf(activityIdOf(turn));
    const original = start(turn, run);
    try {
      await condition(() => original.hasEnded() || this.#copied.has(id));
    } catch (error) {
      await original.resultIfAny;
      throw error;
    }
    const straggler = this.#copied.get(id);
    if (original.hasEnded() || straggler === undefined) return { records: [await original.result] };

    const copy = start(asCopyOf(turn), run);
    try {
      await this.#untilDecided(turn, original, copy);
    } finally {
      for (const one of [original, copy]) if (isLoser(one, original, copy)) one.cancel();
      await Promise.all([original.resultIfAny, copy.resultIfAny]);
    }
    return outcomeOfRace(straggler, original, copy);
  }

  /** Until one has passed. What is red, or lost, waits for the other, if that is more than a wish by then. */
  async #untilDecided(turn: Turn, original: Started, copy: Started): Promise<void> {
    const hasPassed = () => original.hasPassed() || copy.hasPassed();
    await condition(() => hasPassed() || original.hasEnded() || copy.hasEnded());
    if (hasPassed() || (!copy.hasEnded() && !(await this.#hasBegun(turn)))) return;
    await condition(() => hasPassed() || (original.hasEnded() && copy.hasEnded()));
  }

  /** Does the copy of this attempt run, or is it still waiting for an idle slot? */
  async #hasBegun(turn: Turn): Promise<boolean> {
    const { workflowId, runId } = workflowInfo();
    const running = await bookkeeping(this.#input.queues).lookAtRunning({ workflowId, runId });
    return running.some(({ activityId }) => activityId === activityIdOf(asCopyOf(turn)));
  }

  /** null for what must not run twice at once, or has a copy already. */
  #estimateOf(activityId: string): number | null {
    if (this.#copied.has(dispatchOf(activityId))) return null;
    const file = this.#board.fileOfAttempt(activityId);
    if (file === undefined || file.repeatable === false || file.serial !== undefined || file.resources !== undefined) return null;
    return file.estimateMs;
  }
}

/** The copy wins where it alone has passed, or where it alone has said anything. */
function isCopyFirst(original: Started, copy: Started): boolean {
  return copy.hasPassed() ? !original.hasPassed() : copy.hasTold() && !original.hasTold();
}

function isLoser(one: Started, original: Started, copy: Started): boolean {
  return one === (isCopyFirst(original, copy) ? original : copy);
}

async function outcomeOfRace(straggler: Copied, original: Started, copy: Started): Promise<Raced> {
  const hasCopyWon = isCopyFirst(original, copy);
  const [winner, loser] = hasCopyWon ? [copy, original] : [original, copy];
  const [record, other] = [await winner.result, await loser.resultIfAny];
  const isLoss = other?.outcome.kind === 'lost';
  const sinceCopyMs = winner.endedAtMs() - straggler.copiedAtMs;
  const elapsedMs = straggler.elapsedMs + sinceCopyMs;
  const wastedMs = hasCopyWon ? elapsedMs : sinceCopyMs;
  return {
    records: [...(hasCopyWon && isLoss ? [other] : []), hasCopyWon ? asCopy(record) : record],
    copy: {
      isOriginal: hasCopyWon,
      worker: other?.worker ?? (hasCopyWon ? straggler.worker : null),
      startedAtMs: winner.endedAtMs() - wastedMs,
      wastedMs,
      savedMs: hasCopyWon && !isLoss ? Math.round(remainingMs({ ...straggler, elapsedMs })) : 0,
      outcome: other === null || other.outcome.kind === 'lost' ? null : other.outcome.kind,
    },
  };
}

type Started = ReturnType<typeof start>;

/** An attempt in a scope of its own. It has told something when it says more than that its worker was lost. */
function start(turn: Turn, run: Run) {
  const scope = new CancellationScope();
  const result = scope.run(() => run(turn));
  let outcome: AttemptOutcome['kind'] | 'cancelled' | null = null;
  let endedAtMs = 0;
  const end = (kind: AttemptOutcome['kind'] | 'cancelled') => {
    outcome = kind;
    endedAtMs = Date.now();
  };
  result.then(
    (record) => end(record.outcome.kind),
    () => end('cancelled'),
  );
  return {
    result,
    hasEnded: () => outcome !== null,
    hasTold: () => outcome !== null && outcome !== 'lost' && outcome !== 'cancelled',
    hasPassed: () => outcome === 'passed',
    endedAtMs: () => endedAtMs,
    cancel: () => scope.cancel(),
    /** null when it was ended before it could say anything. */
    resultIfAny: result.catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
      return null;
    }),
  };
}

/** A copy goes to any idle slot, whoever was preferred for the original. */
function asCopyOf({ preferred: _, ...turn }: Turn): Turn {
  return { ...turn, isCopy: true };
}

function asCopy(record: AttemptRecord): AttemptRecord {
  const { outcome } = record;
  return outcome.kind === 'lost' ? record : { ...record, outcome: { ...outcome, isCopy: true } };
}
