import type { Totals } from './suite.js';

/** A run as `holdfast list` shows it. Times are epoch ms. */
export type ListedRun = {
  readonly suite: string;
  readonly runId: string;
  /** A RunStatus, or `running`. */
  readonly status: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly owner: string | null;
  readonly commit: string | null;
  readonly totals: Totals | null;
};
