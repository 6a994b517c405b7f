import type { Progress } from '../core/model/progress.js';
import type { FileView } from './file-view.js';

/** A file that a worker is running. */
export type RunningFile = {
  readonly path: string;
  /** For a file in parts. */
  readonly part?: { readonly number: number; readonly of: number };
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly worker: string;
  readonly elapsedMs: number;
  /** How long this attempt may run. */
  readonly timeoutMs: number;
};

/** A run as the command line sees it now. */
export type RunView = {
  readonly suite: string;
  readonly runId: string;
  /** null when no Web UI is known. */
  readonly webUrl: string | null;
  /** Batches merged. */
  readonly progress: Progress;
  readonly running: readonly RunningFile[];
  /** What the run waits for, such as a worker; null when nothing blocks it. */
  readonly waitingFor: string | null;
  /** Files that have finished since the last update. */
  readonly newlyFinished: readonly FileView[];
};
