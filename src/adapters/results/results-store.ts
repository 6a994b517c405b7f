import type { FileResult, SuiteInput, SuiteReport, SuiteResult } from '../../core/suite.js';

/** A run as `holdfast list` shows it. Times are epoch ms. */
export type RunRow = {
  readonly suite: string;
  readonly runId: string;
  readonly status: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly owner: string | null;
  readonly commit: string | null;
  readonly totals: SuiteResult['totals'] | null;
};

/** Memory of finished runs. Its only writers are the control activities. Every write may be repeated. */
export interface ResultsStore {
  /** Durations in ms of the latest complete passing attempts by path, newest first, at most `samples` each. */
  durations(suite: string, samples: number): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Keyed by (suite, run): a second call changes nothing. */
  openRun(input: SuiteInput, startedAtMs: number): Promise<void>;
  /** Keyed by (run, file, repeat, attempt): written twice is written once. Cases are those of each attempt, in its order. */
  recordFiles(run: RunKey, files: readonly RecordedFile[]): Promise<void>;
  /** Every file recorded for the run, ordered by path and repeat, with all cases. */
  filesOf(run: RunKey): Promise<readonly RecordedFile[]>;
  closeRun(run: RunKey, result: SuiteResult, report: SuiteReport['run']): Promise<void>;
  /** Newest first. */
  listRuns(limit: number): Promise<readonly RunRow[]>;
  /** The newest step of its schema, by name. */
  schemaVersion(): Promise<string>;
  close(): Promise<void>;
}

export type RunKey = { readonly suite: string; readonly runId: string };

/** A file's result with the cases read from wherever its reports were. the `report` of each outcome is inline here. */
export type RecordedFile = FileResult;
