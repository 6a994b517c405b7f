import type { TimeoutEnd } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';

/** A program to run in its own process group. Output goes to files, so it survives any kill. */
export type ProcessSpec = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Files to which the streams are appended. The same path for both keeps their order. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
};

export type ProcessLimits = {
  /** The group gets SIGTERM after this time; null for never. */
  readonly timeoutMs: number | null;
  /** Called when that time is up, to learn whether it was extended: the current timeout, in ms from the start. Always settles soon. */
  readonly currentTimeoutMs?: () => Promise<number>;
  /** The group gets SIGKILL this long after SIGTERM. */
  readonly killGraceMs: number;
  /** When it ends, the group gets SIGKILL at once, from this process or from the warden. */
  readonly lease: Lease;
};

/** Ended past its timeout, by the signal that sufficed. */
export type TimedOut = { readonly kind: 'timedOut'; readonly endedBy: Exclude<TimeoutEnd, 'server'>; readonly timeoutMs: number };

/** How a process ended. By then its whole group is gone; if it was stopped from outside, so are all descendants that can be found. */
export type ProcessEnd = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** CPU time used, including that of children it waited for; null if unknown. */
  readonly cpuMs: number | null;
} & (
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | TimedOut
  /** Killed because its lease ended, by this process or by the warden. */
  | { readonly kind: 'aborted' }
  /** No such program or folder, or not executable. */
  | { readonly kind: 'notStarted'; readonly reason: string }
);

export type RunProcess = (spec: ProcessSpec, limits: ProcessLimits) => Promise<ProcessEnd>;
