import type { Past } from '../../core/border/index.js';
import type { Sample } from '../../core/history/durations.js';
import type { Observation } from '../../core/history/flakiness.js';
import type { KeptApart } from '../../core/model/company.js';
import type { ListedRun } from '../../core/model/listed-run.js';
import type { FileResult, SuiteInput, SuiteResult } from '../../core/model/suite.js';
import type { SuiteReport } from '../../core/model/suite-report.js';
import type { CasesSeen } from '../../core/plan/split.js';

/** The record of finished runs, written only by control activities. Every write is idempotent. */
export interface ResultsStore {
  /** The latest complete passing attempts by path, newest first, at most `samples` each; the imported duration for files without any. */
  durations(suite: string, samples: number): Promise<ReadonlyMap<string, readonly Sample[]>>;
  /** Stores durations in ms by path from another source. They count until the file has passed here; a later import replaces them. */
  importDurations(suite: string, durations: Readonly<Record<string, number>>): Promise<void>;
  /** The passing cases of each file's latest complete pass, by path. */
  casesSeen(suite: string, paths: readonly string[]): Promise<ReadonlyMap<string, CasesSeen>>;
  /** The overhead, in ms, of each framework call in the suite's last finished run. */
  callsMs(suite: string): Promise<readonly number[]>;
  /** The last recorded content hash of each file of the suite, where one was recorded. */
  contents(suite: string): Promise<ReadonlyMap<string, string>>;
  /** What the latest runs of a suite observed of its files and cases. */
  observations(past: Past): Promise<readonly Observation[]>;
  /** The files of the suite that are kept apart from others, by path. */
  apart(suite: string): Promise<readonly KeptApart[]>;
  /** Keeps files apart from now on. One that is kept apart already stays as it is. */
  keepApart(suite: string, files: readonly KeptApart[]): Promise<void>;
  /** No longer keeps these files apart; null: none of the suite's. Returns those that were. */
  forgetApart(suite: string, paths: readonly string[] | null): Promise<readonly string[]>;
  /** Deletes the runs of a suite that started before this time, in epoch ms. */
  forget(suite: string, beforeMs: number): Promise<void>;
  /** Creates a run, keyed by (suite, run); a second call changes nothing. */
  openRun(input: SuiteInput, startedAtMs: number): Promise<void>;
  /**
   * Records files, keyed by (run, file, repeat, attempt); a second write adds nothing. Cases belong to their attempt and keep its
   * order.
   */
  recordFiles(run: RunKey, files: readonly RecordedFile[]): Promise<void>;
  /** All files recorded for the run, ordered by path and repeat, with all cases. */
  filesOf(run: RunKey): Promise<readonly RecordedFile[]>;
  closeRun(run: RunKey, result: SuiteResult, report: SuiteReport['run']): Promise<void>;
  /** Changes the verdict of a closed run to what it is with its coverage. */
  judgeRun(run: RunKey, verdict: Pick<SuiteResult, 'status' | 'exitCode'>): Promise<void>;
  /** The latest runs of all suites, newest first. */
  listRuns(limit: number): Promise<readonly ListedRun[]>;
  /** Name of the latest applied migration. */
  schemaVersion(): Promise<string>;
  close(): Promise<void>;
}

export type RunKey = { readonly suite: string; readonly runId: string };

/** A file's result in which the `report` of each outcome is inline, wherever it was stored. */
export type RecordedFile = FileResult;
