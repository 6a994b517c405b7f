import type { Plan } from '../../activities/control/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { FleetSight } from '../../core/fleet/fleet.js';
import { activityIdOf, dispatchOf } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { type ChangeRecord, REASONS } from '../../core/model/change.js';
import { claimOf, wordsOfClaim } from '../../core/model/claims.js';
import type { Phase, Progress } from '../../core/model/progress.js';
import type { FileResult, PlannedFile, SuiteResult, Totals } from '../../core/model/suite.js';
import { decidingCounts, mergeTotals, Tally } from '../../core/model/totals.js';
import { keyOf } from '../../core/plan/order.js';
import { PartsGathered, wholeFiles } from '../../core/plan/parts.js';
import type { Pace } from '../../core/schedule/speculation.js';
import type { Turn } from '../file/dispatch.js';

/** Finished files in one answer to the progress query: it stays far below Temporal's 2 MiB. */
const PAGE = 100;

/** What a workflow knows of the files it drives: the truth behind its progress and its totals. */
export class Board {
  phase: Phase = 'discovering';
  slots = 0;
  /** Names of workers that take work; not all of a large fleet. */
  workers: readonly string[] = [];
  /** What workers took for files, beside what was expected. */
  readonly paces: Pace[] = [];
  commit: string | null = null;
  plan: Plan = { planned: 0, batches: [], typicalMs: null, slots: 0 };
  /** Workflow ids of the batches, where files are driven by them. */
  readonly batches: string[] = [];
  #sickSinceMs: number | null = null;
  /** Files finally failed. */
  failures = 0;
  /** Workers that lost a file, and when. */
  readonly gone: Record<string, number> = {};
  /** Nothing further starts. */
  isPaused = false;
  /** Why the run as a whole was stopped; null while it goes on. */
  stopReason: string | null = null;
  /** What people changed, oldest first. */
  readonly changes: ChangeRecord[] = [];
  /** Called after each change that a person may want to see. */
  onChange: () => void = () => undefined;
  readonly startedAtMs = Date.now();

  #planned: number | null = null;
  #tally = new Tally([]);
  readonly #batchTotals: Totals[] = [];
  #remainingMs = 0;
  #unknown = 0;
  #retries = 0;
  #result: SuiteResult | null = null;
  #losses = 0;
  readonly #waiting = new Map<string, Progress['waiting'][number]>();
  readonly #inFlight = new Map<string, Progress['inFlight'][number]>();
  readonly #finished: FileResult[] = [];
  readonly #parts = new PartsGathered();
  /** Files by path, and how many of their repeats have no verdict yet. */
  readonly #open = new Map<string, { readonly file: PlannedFile; pending: number }>();

  /**
   * What the fleet looks like now. Where every worker that is there has taken itself out, and none has come for a while, the run stops: it
   * would wait for ever for machines that cannot run it. No worker at all is only a delay.
   */
  see(sight: (Pick<FleetSight, 'slots'> & Partial<FleetSight>) | number): void {
    // Older control workers answer with less, and a run outlives their upgrade.
    const { slots, sick = [], workers = [] }: Partial<FleetSight> = typeof sight === 'number' ? { slots: sight } : sight;
    this.slots = slots ?? 0;
    this.workers = workers;
    if (this.slots > 0 || sick.length === 0) {
      this.#sickSinceMs = null;
      return;
    }
    this.#sickSinceMs ??= Date.now();
    if (Date.now() - this.#sickSinceMs < DEFAULTS.sickFleetMs) return;
    this.stopReason ??= REASONS.noHealthyWorker(sick.map(({ worker, reason }) => `${worker}: ${reason}`).join('; '));
  }

  /** Nobody who is there takes work. */
  get isFleetSick(): boolean {
    return this.#sickSinceMs !== null;
  }

  /** The files this workflow drives itself. */
  open(tasks: readonly PlannedFile[]): void {
    const files = wholeFiles(tasks);
    this.#tally = new Tally(files);
    this.#planned = files.length;
    for (const file of tasks) {
      this.#expect(file.estimateMs, 1);
      const known = this.#open.get(file.path);
      if (known) known.pending += 1;
      else this.#open.set(file.path, { file, pending: 1 });
    }
  }

  /** How many files there are, where batches drive them. */
  openBatches(planned: number): void {
    this.#planned = planned;
  }

  /** What a batch counted; or, of one that never began, that its files were not run. */
  batchEnded(totals: Totals): void {
    this.#batchTotals.push(totals);
  }

  /** A file of this path without a verdict, or why there is none. */
  openFile(path: string): PlannedFile | 'unknown' | 'judged' {
    const known = this.#open.get(path);
    if (known === undefined) return 'unknown';
    return known.pending > 0 ? known.file : 'judged';
  }

  /** The file of an attempt in flight, by its activity's id. */
  fileOfAttempt(activityId: string): PlannedFile | undefined {
    const id = dispatchOf(activityId);
    const found = [...this.#inFlight.values()].find((one) => one.activityId === id);
    return found && this.#open.get(found.path)?.file;
  }

  /** A person has changed something. */
  changed(what: string, who: string): void {
    this.changes.push({ what, who, atMs: Date.now() });
    this.onChange();
  }

  /** Nobody answers to this worker's name: it counts again when it polls again. */
  missed(worker: string): void {
    this.gone[worker] = Date.now();
    this.workers = this.workers.filter((other) => other !== worker);
  }

  /** A file waits for what others hold. */
  waits(file: PlannedFile, { isWaiting }: { readonly isWaiting: boolean }): void {
    const claim = claimOf(file);
    if (!isWaiting || claim === null) return;
    this.#waiting.set(keyOf(file), { path: file.path, what: wordsOfClaim(claim) });
    this.onChange();
  }

  waitsNoMore(file: PlannedFile): void {
    if (this.#waiting.delete(keyOf(file))) this.onChange();
  }

  dispatched(turn: Turn): void {
    const {
      file: { path, repeat, estimateMs, part },
      attempt,
      deadlineMs,
    } = turn;
    const key = keyOf(turn.file);
    const before = this.#inFlight.get(key);
    if (before !== undefined) {
      if (attempt > before.attempt) this.#retries += 1;
      else this.#losses += 1;
    }
    this.#inFlight.set(key, {
      activityId: dispatchOf(activityIdOf(turn)),
      path,
      repeat,
      ...(part && { part: { number: part.number, of: part.of } }),
      attempt,
      estimateMs,
      deadlineMs,
    });
    this.onChange();
  }

  /** What came of files that shared a dispatch, oldest first; the turn of the others did not come, which is no loss. */
  chunkEnded(turns: readonly Turn[], records: readonly AttemptRecord[]): void {
    for (const record of records) this.ended(record);
    for (const { file } of turns.slice(records.length)) this.#inFlight.delete(keyOf(file));
    this.onChange();
  }

  /** An attempt has ended, whatever it says of the file. */
  ended({ worker, outcome }: AttemptRecord): void {
    if (outcome.kind === 'lost' && worker !== null) this.gone[worker] = outcome.atMs;
  }

  /** Returns the file when this was all that was missing of it; null while other parts of it have no verdict. */
  judged(task: FileResult): FileResult | null {
    this.#inFlight.delete(keyOf(task));
    this.waitsNoMore(task);
    this.#learn(task);
    this.#expect(task.estimateMs, -1);
    const known = this.#open.get(task.path);
    if (known) known.pending -= 1;
    const file = this.#parts.add(task);
    if (file !== null) {
      this.#tally.add({ ...file, cases: decidingCounts(file.attempts) });
      if (file.verdict === 'failed') this.failures += 1;
      this.#finished.push(file);
    }
    this.onChange();
    return file;
  }

  #learn({ estimateMs, attempts }: FileResult): void {
    const last = attempts.at(-1);
    if (estimateMs === null || last?.worker == null || last.outcome.kind !== 'passed') return;
    this.paces.push({ worker: last.worker, durationMs: last.outcome.durationMs, estimateMs });
  }

  finish(result: SuiteResult): void {
    this.phase = 'finished';
    this.#result = result;
  }

  totals(): Totals {
    if (this.#batchTotals.length === 0) return this.#tally.totals();
    return mergeTotals(this.#planned ?? 0, this.#batchTotals);
  }

  progress(cursor: number): Progress {
    const page = this.#finished.slice(cursor, cursor + PAGE);
    const { planned: _planned, lost: _lost, countedTwice: _twice, cases: _cases, ...verdicts } = this.totals();
    return {
      phase: this.phase,
      startedAtMs: this.startedAtMs,
      planned: this.#planned,
      verdicts,
      retries: this.#retries,
      losses: this.#losses,
      inFlight: [...this.#inFlight.values()],
      remainingMs: this.#unknown > 0 ? null : this.#remainingMs,
      slots: this.slots,
      isPaused: this.isPaused,
      waiting: [...this.#waiting.values()],
      changes: this.changes,
      finished: page.map(withoutCases),
      cursor: cursor + page.length,
      batches: this.batches,
      result: this.#result,
    };
  }

  #expect(estimateMs: number | null, sign: 1 | -1): void {
    if (estimateMs === null) this.#unknown += sign;
    else this.#remainingMs += sign * estimateMs;
  }
}

/** The command line shows excerpts; cases and parts are in the report. */
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
