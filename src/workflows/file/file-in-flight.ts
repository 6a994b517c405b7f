import { condition, isCancellation, sleep } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { REASONS } from '../../core/model/change.js';
import type { FileResult, PlannedFile } from '../../core/model/suite.js';
import {
  endingWhenStopped,
  type FileProgress,
  type NextTurn,
  newProgress,
  nextTurn,
  resultOf,
} from '../../core/schedule/next-turn.js';
import { preferredFor } from '../../core/schedule/preferred-worker.js';
import { delayBefore, RETRY_AT_ONCE } from '../../core/schedule/retry.js';
import type { LookKind } from '../../core/schedule/second-look.js';
import type { Admission } from './admission.js';
import type { Assignment, Dispatch } from './dispatch.js';
import type { Drive, Task } from './drive-files.js';

/** A file that has been admitted, until it has its verdict. */
export class FileInFlight {
  readonly task: Task;
  readonly #drive: Drive;
  #before: readonly PlannedFile[] = [];
  #progress: FileProgress;

  constructor(task: Task, drive: Drive) {
    this.task = task;
    this.#drive = drive;
    this.#progress = newProgress(task.file);
  }

  get file() {
    return this.task.file;
  }

  get #circumstances() {
    const { input, budgets, controls, looks } = this.#drive;
    const { path, part, needs, estimateMs } = this.file;
    const hasPassedAlone = estimateMs !== null && input.framework.isolation !== 'suite'; // So it needs no other.
    return {
      budget: input.budget,
      retryLimit: budgets.retries.limit,
      secondLook: looks.isOn && part === undefined,
      mayNeedCompany: needs === undefined && looks.before(path).length > this.#before.length && !hasPassedAlone,
      ending: controls.endingOf(path),
      quarantinedByUser: controls.quarantineOf(path),
    };
  }

  #update(change: Partial<FileProgress>): void {
    this.#progress = { ...this.#progress, ...change };
  }

  next(): NextTurn {
    return nextTurn(this.#progress, this.#circumstances);
  }

  /** The result, if the attempts so far or a person have decided the verdict; else null. */
  verdictSoFar(): FileResult | null {
    const turn = this.next();
    return turn.kind === 'done' ? resultOf(this.#progress, turn) : null;
  }

  /** Whether an attempt was made, or lost. */
  get hasBegun(): boolean {
    return this.#progress.attempts.length > 0;
  }

  /** Whether its first attempt ended its process, so that the next file had a new one. */
  get hasEndedProcess(): boolean {
    const first = this.#progress.attempts[0]?.outcome.kind;
    return first === 'crashed' || first === 'timedOut' || first === 'lost';
  }

  /** Further attempts come after these files, too: they ran before it in its process, which is to be its company. */
  keepAfter(files: readonly PlannedFile[]): void {
    this.#before = files;
  }

  /** The file as part of a dispatch of several, before any attempt. */
  firstAssignment(): Assignment {
    return this.#assignment({ dispatch: this.#progress.notBegun + 1, attempt: 1 });
  }

  /** The file in a dispatch of its own, after those that it is kept after. */
  #byItself(numbers: { readonly dispatch: number; readonly attempt: number }): Assignment {
    const assignment = this.#assignment(numbers);
    if (this.#before.length === 0) return assignment;
    return {
      ...assignment,
      file: { ...assignment.file, needs: this.#before.map(({ path }) => path) },
      timeoutMs: assignment.timeoutMs + patienceWith(this.#before),
    };
  }

  /** The file as part of a dispatch. */
  #assignment(numbers: { readonly dispatch: number; readonly attempt: number }): Assignment {
    const { file, number } = this.task;
    return { file, number, ...numbers, timeoutMs: this.#drive.controls.timeoutMsOf(file) };
  }

  /** The file after those that the framework's own command runs before it. They must not take longer than looks may. */
  #inCompany(turn: Extract<NextTurn, { kind: 'dispatch' }>): Assignment {
    const { looks } = this.#drive;
    const assignment = this.#assignment(turn);
    return { ...assignment, after: looks.before(this.file.path), timeoutMs: Math.max(1, Math.round(looks.leftMs)) };
  }

  /** Adds the records of a dispatch: usually one, none if the file got no turn. */
  tried(...records: FileProgress['attempts']): void {
    const { attempts, notBegun } = this.#progress;
    this.#update({ attempts: [...attempts, ...records], notBegun: records.length === 0 ? notBegun + 1 : notBegun });
  }

  /** Dispatches the file until it has a verdict, through red attempts and lost workers. A cancellation gives it one, too. */
  async bringToVerdict(admission: Admission): Promise<FileResult> {
    try {
      for (;;) {
        const turn = this.next();
        switch (turn.kind) {
          case 'done':
            return resultOf(this.#progress, turn);
          case 'askForRetry':
            await this.#askForRetry(turn.nth, admission);
            break;
          case 'askForLook':
            await this.#askForLook(turn.look, admission);
            break;
          case 'dispatch':
            await this.#take(admission);
            if (this.#drive.maxInFlight() === 0) await this.#untilResumed();
            else await this.#attempt(turn, admission);
        }
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
      const reason = this.#drive.stopReason() ?? REASONS.cancelledByUser(THE_RUN);
      return resultOf(this.#progress, endingWhenStopped(this.#progress, this.#circumstances, reason));
    }
  }

  /** Takes a retry from the run's budget and waits if the policy says so. Files with permits do not wait for the run's end. */
  async #askForRetry(nth: number, admission: Admission): Promise<void> {
    const { input, budgets, controls, isAllAdmitted } = this.#drive;
    if (!(await budgets.retries.take(1))) return this.#update({ isRetryRefused: true });
    this.#update({ retriesGranted: nth });
    const { retry = RETRY_AT_ONCE } = input;
    const delayMs = delayBefore(nth, retry, Math.random()); // Deterministic: the SDK replaces Math.random in workflows.
    if (delayMs === 0 && (retry.when === 'now' || isAllAdmitted())) return;
    await controls.endable([this.file.path], async () => {
      if (!admission.holdsPermits) admission.leave();
      if (delayMs > 0) await sleep(delayMs);
      if (retry.when === 'end' && !admission.holdsPermits) await condition(isAllAdmitted);
    });
  }

  /** Waits until nothing else of the run is left, so that a look spoils nobody's time; but not with permits that others wait for. */
  async #askForLook(look: LookKind, admission: Admission): Promise<void> {
    const { looks, controls } = this.#drive;
    this.#update({ look: { kind: 'asked', look } });
    if (!admission.holdsPermits) admission.leave();
    const last = this.#progress.attempts.at(-1)?.outcome;
    const isGranted = await controls.endable([this.file.path], () => looks.ask(last, { isAtOnce: admission.holdsPermits }));
    this.#update({ look: isGranted ? { kind: 'granted', look } : { kind: 'refused' } });
  }

  async #take(admission: Admission): Promise<void> {
    if (admission.isTaken) return;
    const { state, controls } = this.#drive;
    state.waits(this.file, admission);
    await controls.endable([this.file.path], () => admission.take());
    state.waitsNoMore(this.file);
  }

  /** A paused run starts nothing, not even retries. */
  #untilResumed(): Promise<void> {
    const { maxInFlight } = this.#drive;
    return condition(() => maxInFlight() !== 0 || this.#circumstances.ending !== undefined);
  }

  /** One attempt, raced by a speculative one if it is slow near the end of the run. */
  async #attempt(turn: Extract<NextTurn, { kind: 'dispatch' }>, admission: Admission): Promise<void> {
    const { input, state, controls, copies, looks } = this.#drive;
    const preferred = preferredFor(turn, this.#progress.attempts, state.fleet.workers);
    const order: Dispatch = {
      assignments: [turn.look === 'company' ? this.#inCompany(turn) : this.#byItself(turn)],
      isOpening: this.task.isOpening,
      ...(turn.isRetry && input.retry?.when === 'end' && !admission.holdsPermits && { isAtEnd: true }),
      ...(turn.look && { look: turn.look }),
      ...(preferred !== undefined && { preferred }),
    };
    state.dispatched(order);
    const run = () => (turn.look ? looks.time(() => this.#drive.dispatch(order)) : copies.race(order, this.#drive.dispatch));
    const { records, copy } = await controls.endable([this.file.path], run);
    if (copy) this.#update({ copies: [...this.#progress.copies, copy] });
    state.dispatchEnded(order, records);
    this.tried(...records);
  }
}

/** Stands in for the person, because Temporal does not say who cancelled a run. */
export const THE_RUN = 'the run was cancelled';

/** How long files that run before another one may take, in ms. */
function patienceWith(files: readonly PlannedFile[]): number {
  if (files.some(({ estimateMs }) => estimateMs === null)) return DEFAULTS.timeoutMs;
  return files.reduce((sum, { estimateMs }) => sum + DEFAULTS.dispatchPatience.factor * (estimateMs ?? 0), 0);
}
