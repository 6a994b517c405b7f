import type { FileResult, PlannedFile, Totals } from '../../core/model/suite.js';
import { decidingCounts, mergeTotals, Tally } from '../../core/model/totals.js';
import { PartsGathered, wholeFiles } from '../../core/plan/parts.js';

/** Which files have which verdict, and which have none yet: the proof that nothing is lost and nothing counted twice. */
export class Books {
  /** Files finally failed. */
  failures = 0;
  /** Files with a verdict, in the order they got it. */
  readonly finished: FileResult[] = [];
  #planned: number | null = null;
  #tally = new Tally([]);
  readonly #batchTotals: Totals[] = [];
  readonly #parts = new PartsGathered();
  /** Files by path, and how many of their repeats and parts have no verdict yet. */
  readonly #open = new Map<string, { readonly file: PlannedFile; pending: number }>();
  #remainingMs = 0;
  /** Tasks without an estimate that have no verdict. */
  #unknown = 0;

  /** null before the plan is known. */
  get planned(): number | null {
    return this.#planned;
  }

  /** Sum of the estimates of files without a verdict; null where one is unknown. */
  get remainingMs(): number | null {
    return this.#unknown > 0 ? null : this.#remainingMs;
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

  fileOf(path: string): PlannedFile | undefined {
    return this.#open.get(path)?.file;
  }

  /** A file of this path without a verdict, or why there is none. */
  openFile(path: string): PlannedFile | 'unknown' | 'judged' {
    const known = this.#open.get(path);
    if (known === undefined) return 'unknown';
    return known.pending > 0 ? known.file : 'judged';
  }

  /** Returns the file when this was all that was missing of it; null while other parts of it have no verdict. */
  judged(task: FileResult): FileResult | null {
    this.#expect(task.estimateMs, -1);
    const known = this.#open.get(task.path);
    if (known) known.pending -= 1;
    const file = this.#parts.add(task);
    if (file === null) return null;
    this.#tally.add({ ...file, cases: decidingCounts(file.attempts) });
    if (file.verdict === 'failed') this.failures += 1;
    this.finished.push(file);
    return file;
  }

  totals(): Totals {
    return this.#batchTotals.length === 0 ? this.#tally.totals() : mergeTotals(this.#planned ?? 0, this.#batchTotals);
  }

  #expect(estimateMs: number | null, sign: 1 | -1): void {
    if (estimateMs === null) this.#unknown += sign;
    else this.#remainingMs += sign * estimateMs;
  }
}
