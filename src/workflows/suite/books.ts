import type { FileResult, PlannedFile, Totals } from '../../core/model/suite.js';
import { decidingCounts, mergeTotals, Tally } from '../../core/model/totals.js';
import { PartCollector, wholeFiles } from '../../core/plan/parts.js';

/** Keeps track of which files have a verdict and which do not: the proof that none is lost and none is counted twice. */
export class Books {
  /** Number of files with verdict `failed`. */
  failures = 0;
  /** Files with a verdict, in the order in which they got it. */
  readonly finished: FileResult[] = [];
  #planned: number | null = null;
  #tally = new Tally([]);
  readonly #batchTotals: Totals[] = [];
  readonly #parts = new PartCollector();
  /** Files by path, and how many of their repetitions and parts have no verdict yet. */
  readonly #open = new Map<string, { readonly file: PlannedFile; pending: number }>();
  #remainingMs = 0;
  /** Tasks without an estimate that have no verdict. */
  #unknown = 0;

  /** null before the plan is known. */
  get planned(): number | null {
    return this.#planned;
  }

  /** Sum of the estimates of files without a verdict; null if one is unknown. */
  get remainingMs(): number | null {
    return this.#unknown > 0 ? null : this.#remainingMs;
  }

  /** Adds the files that this workflow runs itself. */
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

  /** Sets the number of files, if batches run them. */
  openBatches(planned: number): void {
    this.#planned = planned;
  }

  /** Adds the totals of a batch; for one that never started: its files, as not run. */
  batchEnded(totals: Totals): void {
    this.#batchTotals.push(totals);
  }

  fileOf(path: string): PlannedFile | undefined {
    return this.#open.get(path)?.file;
  }

  /** The file of this path if it has no verdict yet; else why not. */
  openFile(path: string): PlannedFile | 'unknown' | 'judged' {
    const known = this.#open.get(path);
    if (known === undefined) return 'unknown';
    return known.pending > 0 ? known.file : 'judged';
  }

  /** Records a verdict. Returns the file once it is complete; null while other parts of it have no verdict. */
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
