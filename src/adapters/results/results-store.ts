import type { ListedRun } from '../../core/listed-run.js';
import type { FileResult, SuiteInput, SuiteReport, SuiteResult } from '../../core/suite.js';

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
  listRuns(limit: number): Promise<readonly ListedRun[]>;
  /** The newest step of its schema, by name. */
  schemaVersion(): Promise<string>;
  close(): Promise<void>;
}

export type RunKey = { readonly suite: string; readonly runId: string };

/** A file's result with the cases read from wherever its reports were. the `report` of each outcome is inline here. */
export type RecordedFile = FileResult;
