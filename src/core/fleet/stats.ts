import type { Progress } from '../model/progress.js';

/** What a running run needs from the fleet. */
export type RunStats = {
  readonly suite: string;
  readonly runId: string;
  readonly answers: boolean;
  readonly running: number;
  /** Attempts that wait for a slot. */
  readonly waiting: number;
  /** Files that wait for permits, which another worker would not help. */
  readonly blocked: number;
  /** Sum of the estimates of unfinished files; null if one has no estimate. */
  readonly remainingMs: number | null;
};

/** What an autoscaler needs: demand and capacity. */
export type Stats = {
  readonly workers: number;
  readonly slots: number;
  readonly running: number;
  /** Slots without a running attempt. */
  readonly idle: number;
  readonly waiting: number;
  readonly blocked: number;
  readonly remainingMs: number | null;
  readonly runs: readonly RunStats[];
};

/**
 * What a run needs from the fleet, given its progress and its number of running attempts. A paused run needs nothing more; one
 * without a plan needs one slot to list its files. Without progress, the run did not answer.
 */
export function statsOfRun(
  { suite, runId }: { readonly suite: string; readonly runId: string },
  progress: Progress | null,
  running: number,
): RunStats {
  const name = { suite, runId };
  if (progress === null) return { ...name, answers: false, running: 0, waiting: 0, blocked: 0, remainingMs: null };
  const { planned, verdicts, waiting, isPaused, inFlight, remainingMs } = progress;
  const blocked = waiting.length;
  const judged = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const open = planned === null ? 1 : Math.max(planned - judged - blocked, inFlight.length); // A file in parts may need several slots.
  return { ...name, answers: true, running, waiting: isPaused ? 0 : Math.max(0, open - running), blocked, remainingMs };
}

/** The statistics of all runs and the fleet. */
export function statsOf(runs: readonly RunStats[], fleet: { readonly workers: number; readonly slots: number }): Stats {
  const sum = (metric: (run: RunStats) => number) => runs.reduce((total, run) => total + metric(run), 0);
  const running = sum((run) => run.running);
  return {
    ...fleet,
    running,
    idle: Math.max(0, fleet.slots - running),
    waiting: sum((run) => run.waiting),
    blocked: sum((run) => run.blocked),
    remainingMs: runs.every(({ remainingMs }) => remainingMs !== null) ? sum((run) => run.remainingMs ?? 0) : null,
    runs,
  };
}
