import { DEFAULTS } from '../defaults.js';
import type { WorkerIdentity } from './identity.js';

export type SeenWorker = WorkerIdentity & {
  /** Its last poll, epoch ms. A poll may be open for a minute; a worker whose slots are all busy makes none. */
  readonly lastSeenMs: number;
};

/** Workers that lost a file, by name, and when: epoch ms. */
export type LostWorkers = Readonly<Record<string, number>>;

/** Workers that are there and have taken themselves out. */
export function sickOf(seen: readonly SeenWorker[], nowMs: number): readonly SickWorker[] {
  return seen.flatMap(({ worker, sick, lastSeenMs }) =>
    sick === null || nowMs - lastSeenMs > DEFAULTS.pollerSilenceMs ? [] : [{ worker, reason: sick }],
  );
}

/** An attempt that a worker has begun, epoch ms, to the second. */
export type RunningAttempt = { readonly activityId: string; readonly worker: string; readonly startedAtMs: number };

/** A worker that takes no work any more, and why. */
export type SickWorker = { readonly worker: string; readonly reason: string };

/** What a run needs to know of the fleet: who takes work, and who has taken itself out. */
export type FleetSnapshot = {
  /** Of all that take work. */
  readonly slots: number;
  /** Of the largest of them. */
  readonly largest: number;
  /** Most memory that one of them has, in MB; 0 where none tells. */
  readonly largestMemoryMb: number;
  /** Names of those that take work, `host/pid`; not all of a large fleet. */
  readonly workers: readonly string[];
  readonly sick: readonly SickWorker[];
};

/**
 * The fleet as it is now. The server remembers who polled for minutes after their death, so a worker that lost a file and has not polled
 * since is left out.
 */
export function fleetSnapshot(seen: readonly SeenWorker[], gone: LostWorkers, nowMs: number): FleetSnapshot {
  const there = seen.filter(({ worker, lastSeenMs, sick }) => sick === null && lastSeenMs >= (gone[worker] ?? 0));
  return {
    slots: there.reduce((total, { slots }) => total + slots, 0),
    largest: Math.max(0, ...there.map(({ slots }) => slots)),
    largestMemoryMb: Math.max(0, ...there.map(({ memoryMb }) => memoryMb ?? 0)),
    workers: there
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
      .slice(0, DEFAULTS.workersNamed)
      .map(({ worker }) => worker),
    sick: sickOf(seen, nowMs),
  };
}
