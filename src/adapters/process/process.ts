import type { Lease } from '../../core/model/lease.js';

/** A program to run in a process group of its own. Output goes to files, so that it outlives any kill. */
export type ProcessSpec = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Files the streams are appended to; the same path twice keeps their order. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
};

export type ProcessLimits = {
  /** SIGTERM to the group after this; null never. */
  readonly timeoutMs: number | null;
  /** Asked when that time has come: the deadline as it is by then, ms from the start. Answers soon, whatever happens. */
  readonly currentTimeoutMs?: () => Promise<number>;
  /** SIGKILL to the group this long after SIGTERM. */
  readonly killGraceMs: number;
  /** Its end is SIGKILL to the group at once, by this process or by the warden. */
  readonly lease: Lease;
};

/** How a process ended. When it has, its whole group is gone; what was ended from outside has left no descendants either, where they can be found. */
export type ProcessEnd = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Processor time it has used, with what it waited for; null where that is not known. */
  readonly cpuMs: number | null;
} & (
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timedOut'; readonly deadline: 'soft' | 'hard'; readonly timeoutMs: number }
  /** With its lease: told by its signal, or by the warden, which may have been first. */
  | { readonly kind: 'aborted' }
  /** No such program, no such folder, not executable. */
  | { readonly kind: 'notStarted'; readonly reason: string }
);

export type RunProcess = (spec: ProcessSpec, limits: ProcessLimits) => Promise<ProcessEnd>;
