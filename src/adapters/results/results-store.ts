import type { Sample } from '../../core/history/durations.js';
import type { Observation } from '../../core/history/flakiness.js';
import type { ListedRun } from '../../core/model/listed-run.js';
import type { FileResult, SuiteInput, SuiteResult } from '../../core/model/suite.js';
import type { SuiteReport } from '../../core/model/suite-report.js';
import type { CasesSeen } from '../../core/plan/split.js';
import type { Past } from './observations.js';

/** Memory of finished runs. Its only writers are the control activities. Every write may be repeated. */
export interface ResultsStore {
  /** The latest complete passing attempts by path, newest first, at most `samples` each; of files that have none, what was imported. */
  durations(suite: string, samples: number): Promise<ReadonlyMap<string, readonly Sample[]>>;
  /** Durations in ms by path, from elsewhere: they count until a file has passed here. Again for the same path replaces. */
  importDurations(suite: string, durations: Readonly<Record<string, number>>): Promise<void>;
  /** What the latest complete pass of each of these files told of its cases that passed; by path. */
  casesSeen(suite: string, paths: readonly string[]): Promise<ReadonlyMap<string, CasesSeen>>;
  /** What the content of each file of the suite was when it was last recorded; of those that were asked for it. */
  contents(suite: string): Promise<ReadonlyMap<string, string>>;
  /** What the newest runs of a suite said of its files and cases. */
  observations(past: Past): Promise<readonly Observation[]>;
  /** Forgets the runs of a suite that started before this, epoch ms. */
  forget(suite: string, beforeMs: number): Promise<void>;
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
