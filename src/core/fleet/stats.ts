import type { Progress } from '../model/progress.js';

/** What one run that goes on needs of the fleet; null where it did not answer. Times are ms. */
export type RunStats = {
  readonly suite: string;
  readonly runId: string;
  readonly answers: boolean;
  readonly running: number;
  /** Attempts that want a slot and have none. */
  readonly waiting: number;
  /** Files that wait for a resource or their serial group: another worker would not help them. */
  readonly blocked: number;
  /** Sum of the estimates of what is not finished; null where one is unknown. */
  readonly remainingMs: number | null;
};

/** What an autoscaler wants to know: how much is asked for, and how much there is. */
export type Stats = {
  readonly workers: number;
  readonly slots: number;
  readonly running: number;
  /** Slots that nothing runs in. */
  readonly idle: number;
  readonly waiting: number;
  readonly blocked: number;
  readonly remainingMs: number | null;
  readonly runs: readonly RunStats[];
};

/** What a run needs, from its progress and the slots that its attempts have. A paused run wants nothing; one that has no plan yet wants a worker to make one. */
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
  const open = planned === null ? 1 : Math.max(planned - judged - blocked, inFlight.length); // A file in parts may want several slots.
  return { ...name, answers: true, running, waiting: isPaused ? 0 : Math.max(0, open - running), blocked, remainingMs };
}

/** All runs beside the fleet. */
export function statsOf(runs: readonly RunStats[], fleet: { readonly workers: number; readonly slots: number }): Stats {
  const sum = (of: (run: RunStats) => number) => runs.reduce((total, run) => total + of(run), 0);
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
