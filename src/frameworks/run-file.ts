import type { ProcessLimits, TimedOut } from '../adapters/process/process.js';
import { DEFAULTS } from '../core/defaults.js';
import type { Lease } from '../core/model/lease.js';
import type { CaseSelection } from '../core/plan/split.js';
import type { Framework, Reading, SuiteFolder, WarmSupport } from './framework.js';
import type { LoneFiles } from './pool/lone-files.js';
import type { SessionPool } from './pool/pool.js';
import { runInSession, sessionsOf } from './pool/run-in-session.js';
import { type StartTimes, suiteKeyOf } from './pool/start-times.js';
import type { RunAlone } from './run-alone.js';

export type FileRun = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** CPU time of its processes; null if unknown. */
  readonly cpuMs: number | null;
  /** stdout and stderr, interleaved as written; the middle is cut if they are too long. */
  readonly output: string;
  readonly end: Reading | TimedOut | { readonly kind: 'aborted' };
  /** Passed on its own, but was red in a session that had run these files before it. */
  readonly redAfter?: readonly string[];
  /** The raw coverage that its processes wrote, packed. */
  readonly coverage?: Uint8Array;
  /** On one file of a shared framework call: the time that the call took beyond its files. */
  readonly callMs?: number;
};

/** A request to run one file of a suite on this machine. */
export type FileRequest = {
  readonly framework: Framework;
  readonly folder: SuiteFolder;
  readonly file: string;
  readonly runId: string;
  /** Expected duration; null if unknown. */
  readonly estimateMs: number | null;
  /** Environment variables specific to this attempt. */
  readonly variables: Readonly<Record<string, string>>;
  /** The cases to run. Undefined: all of them. */
  readonly selection?: CaseSelection;
  /** The files requested next, in this order. A session may start on them early; they are void once the signal aborts. */
  readonly ahead?: Ahead;
  /** Run it in a process of its own. */
  readonly isAlone?: true;
  /** Files that run before it in the same process, which is its own otherwise. */
  readonly before?: readonly string[];
  readonly limits: ProcessLimits;
};

export type Ahead = { readonly files: readonly string[]; readonly signal: AbortSignal };

type Parts = {
  readonly runAlone: RunAlone;
  readonly pool: SessionPool;
  readonly starts: StartTimes;
  readonly loneFiles: LoneFiles;
  /** Owned by this worker; holds scratch folders. */
  readonly workFolder: string;
  /** Writes a line to the worker's log. */
  readonly log: (line: string) => void;
};

/** Runs the test files of a worker, each in its own process or in a session. */
export class FileRunner {
  readonly #parts: Parts;
  /** Suites whose files cannot run in sessions. */
  readonly #unfit = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Runs one file. A session result that earlier files may have influenced counts only if green; otherwise the file is rerun in its
   * own process. If it passes there, `redAfter` names the files that ran before it in the session, and with `auto` the file runs
   * alone from then on.
   */
  async runFile(request: FileRequest): Promise<FileRun> {
    const { starts, loneFiles, log } = this.#parts;
    const { folder, file, estimateMs, ahead } = request;
    const warm = this.#warmOf(request);
    if (warm === null || request.isAlone || request.before || (await this.#isLone(folder, file))) return this.#runAlone(request);
    const mustPay = folder.spec.warm === 'auto' || (warm.isACall && !ahead);
    if (mustPay && !(await starts.areExpensive(folder, estimateMs))) {
      const run = await this.#runAlone(request);
      await starts.learn(folder, run);
      return run;
    }

    const { result, left } = await runInSession(await this.#withoutLoneFiles(request), warm, this.#parts);
    if (left.length > 0)
      log(`${file} leaves something behind for the next file: ${left.join('; ')}. The next file gets a new process.`);
    switch (result.kind) {
      case 'counts':
        return result.run;
      case 'cannot':
        this.#unfit.add(suiteKeyOf(folder));
        log(`Each file in ${folder.cwd} runs in a process of its own: ${result.reason}.`);
        return this.#runAlone(request);
      case 'doubtful': {
        if (result.leavesOpen) await loneFiles.add(folder, file, 'leavesOpen');
        const run = await this.#parts.runAlone(request);
        if (run.end.kind !== 'passed' || result.after.length === 0) return run;
        if (folder.spec.warm === 'auto') await loneFiles.add(folder, file, 'redAfterOthers');
        return { ...run, redAfter: result.after };
      }
    }
  }

  async #runAlone(request: FileRequest): Promise<FileRun> {
    const run = await this.#parts.runAlone(request);
    if (request.before) return { ...run, durationMs: ownMs(run) }; // What it leaves open may be of another file.
    if (run.end.kind === 'passed' || run.end.kind === 'failed') {
      const { loneFiles } = this.#parts;
      if (run.end.leavesOpen) await loneFiles.add(request.folder, request.file, 'leavesOpen');
      else await loneFiles.closed(request.folder, request.file);
    }
    return run;
  }

  /** Whether the file needs a process of its own, unless the suite wants it to share one. */
  async #isLone(folder: SuiteFolder, file: string): Promise<boolean> {
    return folder.spec.isolation !== 'suite' && this.#parts.loneFiles.has(folder, file);
  }

  /** The request without the files behind it from the first one on that needs a process of its own. */
  async #withoutLoneFiles(request: FileRequest): Promise<FileRequest> {
    const { folder, ahead } = request;
    if (!ahead) return request;
    const areLone = await Promise.all(ahead.files.map((file) => this.#isLone(folder, file)));
    const first = areLone.indexOf(true);
    return first < 0 ? request : { ...request, ahead: { ...ahead, files: ahead.files.slice(0, first) } };
  }

  /**
   * Starts the sessions of a run before its files are known, if the run will use sessions. Resolves to the test files if a session
   * can list them, or to null if the framework must be asked.
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

  /** null: each file of this suite runs in its own process. */
  #warmOf({
    framework: { warm },
    folder,
    selection,
  }: Pick<FileRequest, 'framework' | 'folder' | 'selection'>): WarmSupport | null {
    const isAllowed = folder.spec.warm && warm?.isFor?.(folder, selection) !== false && !this.#unfit.has(suiteKeyOf(folder));
    return warm && isAllowed ? warm : null;
  }
}

/** Duration of the file itself, if it ran after others in one process: that of its cases. */
function ownMs({ end, durationMs }: FileRun): number {
  return 'cases' in end && end.cases.length > 0 ? end.cases.reduce((sum, one) => sum + one.durationMs, 0) : durationMs;
}
