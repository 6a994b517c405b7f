import type { ProcessLimits } from '../adapters/process/process.js';
import { DEFAULTS } from '../core/defaults.js';
import type { Lease } from '../core/model/lease.js';
import type { CaseSelection } from '../core/plan/split.js';
import type { Framework, Reading, SuiteFolder, WarmSupport } from './framework.js';
import type { SessionPool } from './pool/pool.js';
import { runInSession, sessionsOf } from './pool/run-in-session.js';
import { type StartTimes, suiteKeyOf } from './pool/start-times.js';
import type { RunAlone } from './run-alone.js';

export type FileRun = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Processor time of its processes; null where it is not known. */
  readonly cpuMs: number | null;
  /** Both streams, in the order they were written; the middle left out where they are too long. */
  readonly output: string;
  readonly end:
    | Reading
    | { readonly kind: 'timedOut'; readonly deadline: 'soft' | 'hard'; readonly timeoutMs: number }
    | { readonly kind: 'aborted' };
  /** Green by itself, and red in a process that had run these before it. */
  readonly redAfter?: readonly string[];
  /** Of the first file of a call for several: what the call took beside it. */
  readonly callMs?: number;
};

/** One file of a suite, to be run on this machine. */
export type FileRequest = {
  readonly framework: Framework;
  readonly folder: SuiteFolder;
  readonly file: string;
  /** The run that wants it. */
  readonly runId: string;
  /** What it is expected to take; null where that is not known. */
  readonly estimateMs: number | null;
  /** Of this attempt alone; added to the environment of the tests. */
  readonly variables: Readonly<Record<string, string>>;
  /** Only these of its cases; all, when undefined. */
  readonly selection?: CaseSelection;
  /** Files that are asked for next, in this order, until this ends: a process may begin with them. */
  readonly ahead?: Ahead;
  readonly limits: ProcessLimits;
};

export type Ahead = { readonly files: readonly string[]; readonly signal: AbortSignal };

type Parts = {
  readonly runAlone: RunAlone;
  readonly pool: SessionPool;
  readonly starts: StartTimes;
  /** This worker's own, for scratch folders. */
  readonly workFolder: string;
  /** A line for the worker's own log. */
  readonly log: (line: string) => void;
};

/** Runs the test files of a worker, each in a process of its own or in a session. */
export class FileRunner {
  readonly #parts: Parts;
  /** Suites whose files cannot run in sessions. */
  readonly #unfit = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Runs one file. Where a file in a session may see what another one left, only green counts, and a process of its own says what
   * the others are: red after others and green by itself is told with those that ran before it.
   */
  async runFile(request: FileRequest): Promise<FileRun> {
    const { runAlone, starts, log } = this.#parts;
    const { folder, file, estimateMs, ahead } = request;
    const warm = this.#warmOf(request);
    if (warm === null) return runAlone(request);
    const mustPay = folder.spec.warm === 'auto' || (warm.isACall && !ahead);
    if (mustPay && !(await starts.areDear(folder, estimateMs))) {
      const run = await runAlone(request);
      await starts.learn(folder, run);
      return run;
    }

    const { result, left } = await runInSession(request, warm, this.#parts);
    if (left.length > 0) log(`${file} leaves something behind for the next file: ${left.join('; ')}. It gets a new process.`);
    switch (result.kind) {
      case 'counts':
        return result.run;
      case 'cannot':
        this.#unfit.add(suiteKeyOf(folder));
        log(`Files of ${folder.cwd} run in a process each: ${result.reason}.`);
        return runAlone(request);
      case 'doubtful': {
        const run = await runAlone(request);
        return run.end.kind === 'passed' && result.after.length > 0 ? { ...run, redAfter: result.after } : run;
      }
    }
  }

  /**
   * Starts the sessions of a run before its files are known, where its files will have some. Resolves to the test files where a
   * session lists them, and to null where the framework has to.
   */
  async openAhead(run: Pick<FileRequest, 'framework' | 'folder' | 'runId'>, lease: Lease): Promise<readonly string[] | null> {
    const { pool, starts } = this.#parts;
    const { folder } = run;
    const warm = this.#warmOf(run);
    if (warm === null || warm.isACall) return null;
    if (folder.spec.warm === 'auto' && !(await starts.hasPaid(folder))) return null;
    const sessions = sessionsOf(run, warm);
    const opened = pool.open(sessions);
    if (!warm.lists) return null;
    await opened;
    return pool.list(sessions, { timeoutMs: DEFAULTS.listingTimeoutMs, killGraceMs: DEFAULTS.killGraceMs, lease });
  }

  /** null where the files of this suite have a process each. */
  #warmOf({
    framework: { warm },
    folder,
    selection,
  }: Pick<FileRequest, 'framework' | 'folder' | 'selection'>): WarmSupport | null {
    const isAllowed = folder.spec.warm && warm?.isFor?.(folder, selection) !== false && !this.#unfit.has(suiteKeyOf(folder));
    return warm && isAllowed ? warm : null;
  }
}
