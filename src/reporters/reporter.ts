import type { Progress } from '../core/progress.js';
import type { SuiteReport } from '../core/suite-report.js';
import type { FileView } from './file-view.js';

/** A file that a worker runs now. */
export type RunningFile = {
  readonly path: string;
  /** Of a file that is run in parts. */
  readonly part?: { readonly number: number; readonly of: number };
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly worker: string;
  readonly elapsedMs: number;
  /** How long this attempt may run. */
  readonly deadlineMs: number;
};

/** One run as the command line sees it now. */
export type RunView = {
  readonly suite: string;
  readonly runId: string;
  /** null when no Web UI is known. */
  readonly webUrl: string | null;
  /** Batches merged. */
  readonly progress: Progress;
  readonly running: readonly RunningFile[];
  /** What keeps the run from going on, such as a queue without workers; null when nothing does. */
  readonly waitingFor: string | null;
  /** Files that ended since the last update, each told once. */
  readonly newlyFinished: readonly FileView[];
};

/** Something that tells a person or a program how runs go. */
export interface Reporter {
  /** Called steadily while runs go on, with every run of the command (one per suite). */
  update(runs: readonly RunView[]): void;
  /** Called once when all have ended, or when the command detaches: the reports then hold only the runs that ended. */
  finish(reports: readonly SuiteReport[]): void | Promise<void>;
  /** A sentence for the person, printed without disturbing a live view. */
  note(text: string): void;
}

/** Where text for people goes. `columns` and `rows` are read at each drawing, so that a resize is followed. */
export type Terminal = {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
  readonly isTTY: boolean;
  readonly colors: boolean;
  /** Can it show more than ASCII? */
  readonly unicode: boolean;
};
