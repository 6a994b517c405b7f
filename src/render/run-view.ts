import type { Progress } from '../core/model/progress.js';
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
