import type { Plan } from '../../core/border/index.js';
import { attemptIdIn, attemptIdOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { ChangeRecord } from '../../core/model/change.js';
import { describePermits, permitsFor } from '../../core/model/permits.js';
import type { Phase, Progress } from '../../core/model/progress.js';
import type { FileResult, PlannedFile, SuiteResult, Totals } from '../../core/model/suite.js';
import { keyOf } from '../../core/plan/order.js';
import type { Dispatch } from '../file/dispatch.js';
import { Books } from './books.js';
import { FleetView } from './fleet-view.js';

/** Most finished files in one answer to the progress query, which stays far below Temporal's limit of 2 MiB. */
const PAGE = 100;

/** The state of a run or batch: the source of its progress and totals. */
export class RunState {
  phase: Phase;
  commit: string | null = null;
  plan: Plan | null = null;
  fleet: FleetView;
  readonly books = new Books();
  /** Workflow ids of the batches; empty if the workflow runs its files itself. */
  readonly batches: string[] = [];
  /** No more files are started. */
  isPaused = false;
  /** Why the whole run was stopped; null while it continues. */
  stopReason: string | null = null;
  /** Changes that people made, oldest first. */
  readonly changes: ChangeRecord[] = [];
  /** Called after each change to the state that people may want to see. */
  onChange: () => void = () => undefined;
  readonly startedAtMs = Date.now();

  #retries = 0;
  #losses = 0;
  #result: SuiteResult | null = null;
  readonly #waiting = new Map<string, Progress['waiting'][number]>();
  readonly #inFlight = new Map<string, Progress['inFlight'][number]>();

  constructor(phase: Phase = 'discovering', fleet = new FleetView()) {
    this.phase = phase;
    this.fleet = fleet;
  }

  /** The file of an attempt in flight, by attempt id or activity id. */
  fileOfAttempt(id: string): PlannedFile | undefined {
    const attemptId = attemptIdIn(id);
    const found = [...this.#inFlight.values()].find(({ activityId }) => activityId === attemptId);
    return found && this.books.fileOf(found.path);
  }

  /** Records a change made by a person. */
  changed(what: string, who: string): void {
    this.changes.push({ what, who, atMs: Date.now() });
    this.onChange();
  }

  /** Shows a file as waiting, if it waits for permits that others hold. */
  waits(file: PlannedFile, { isWaiting }: { readonly isWaiting: boolean }): void {
    const permits = permitsFor(file);
    if (!isWaiting || permits === null) return;
    this.#waiting.set(keyOf(file), { path: file.path, what: describePermits(permits) });
    this.onChange();
  }

  waitsNoMore(file: PlannedFile): void {
    if (this.#waiting.delete(keyOf(file))) this.onChange();
  }

  dispatched({ assignments, look }: Dispatch): void {
    for (const assignment of assignments) {
      const { path, repeat, estimateMs, part } = assignment.file;
      const { attempt, timeoutMs } = assignment;
      const key = keyOf(assignment.file);
      const before = this.#inFlight.get(key);
      if (before !== undefined && attempt > before.attempt) this.#retries += look ? 0 : 1;
      else if (before !== undefined) this.#losses += 1;
      this.#inFlight.set(key, {
        activityId: attemptIdOf(assignment),
        path,
        repeat,
        ...(part && { part: { number: part.number, of: part.of } }),
        attempt,
        estimateMs,
        timeoutMs,
      });
    }
    this.onChange();
  }

  /** Takes the records of the first files of a dispatch; the others got no turn, which is not a loss. */
  dispatchEnded({ assignments }: Dispatch, records: readonly AttemptRecord[]): void {
    for (const record of records) this.fleet.attemptEnded(record);
    for (const { file } of assignments.slice(records.length)) this.#inFlight.delete(keyOf(file));
    this.onChange();
  }

  /** Records a verdict. Returns the file once it is complete; null while other parts of it have no verdict. */
  judged(task: FileResult): FileResult | null {
    this.#inFlight.delete(keyOf(task));
    this.waitsNoMore(task);
    this.fleet.learn(task);
    const file = this.books.judged(task);
    this.onChange();
    return file;
  }

  finish(result: SuiteResult): void {
    this.phase = 'finished';
    this.#result = result;
  }

  totals(): Totals {
    return this.books.totals();
  }

  /** The answer to the progress query: one page of finished files from the cursor on, without cases and parts. */
  progress(cursor: number): Progress {
    const page = this.books.finished.slice(cursor, cursor + PAGE);
    const { planned: _planned, lost: _lost, countedTwice: _twice, cases: _cases, ...verdicts } = this.totals();
    return {
      phase: this.phase,
      startedAtMs: this.startedAtMs,
      planned: this.books.planned,
      verdicts,
      retries: this.#retries,
      losses: this.#losses,
      inFlight: [...this.#inFlight.values()],
      remainingMs: this.books.remainingMs,
      slots: this.fleet.slots,
      isPaused: this.isPaused,
      waiting: [...this.#waiting.values()],
      changes: this.changes,
      finished: page.map(withoutCases),
      cursor: cursor + page.length,
      batches: this.batches,
      result: this.#result,
    };
  }
}

function withoutCases(file: FileResult): FileResult {
  return {
    ...file,
    attempts: file.attempts.map((record) => {
      if (record.outcome.kind === 'lost') return record;
      const { parts: _, ...outcome } = record.outcome;
      return { ...record, outcome: { ...outcome, report: { kind: 'inline', value: [] } } };
    }),
  };
}
