import { DEFAULTS } from '../defaults.js';
import type { WorkerIdentity } from './identity.js';

export type SeenWorker = WorkerIdentity & {
  /** Its last poll, epoch ms. A poll may stay open for a minute; a worker without a free slot does not poll. */
  readonly lastSeenMs: number;
};

/** Workers that lost a file: name to time of the loss, epoch ms. */
export type LostWorkers = Readonly<Record<string, number>>;

/** Sick workers that still poll. */
export function sickOf(seen: readonly SeenWorker[], nowMs: number): readonly SickWorker[] {
  return seen.flatMap(({ worker, sick, lastSeenMs }) =>
    sick === null || nowMs - lastSeenMs > DEFAULTS.pollerSilenceMs ? [] : [{ worker, reason: sick }],
  );
}

/** A running attempt. `startedAtMs` is epoch ms with a precision of a second. */
export type RunningAttempt = { readonly activityId: string; readonly worker: string; readonly startedAtMs: number };

/** A worker that takes no work at present, and why. */
export type SickWorker = { readonly worker: string; readonly reason: string };

/** The fleet as a run sees it: workers that take work, and sick ones. */
export type FleetSnapshot = {
  /** Slots of all workers that take work. */
  readonly slots: number;
  /** Slots of the largest of them. */
  readonly largest: number;
  /** Memory of the one that has most, in MB; 0 if none reports it. */
  readonly largestMemoryMb: number;
  /** Names of workers that take work, `host/pid`; not all of a large fleet. */
  readonly workers: readonly string[];
  readonly sick: readonly SickWorker[];
};

/** The current fleet, without workers that lost a file and have not polled since: the server lists dead pollers for minutes. */
export function fleetSnapshot(seen: readonly SeenWorker[], gone: LostWorkers, nowMs: number): FleetSnapshot {
  const healthy = seen.filter(({ worker, lastSeenMs, sick }) => sick === null && lastSeenMs >= (gone[worker] ?? 0));
  return {
    slots: healthy.reduce((total, { slots }) => total + slots, 0),
    largest: Math.max(0, ...healthy.map(({ slots }) => slots)),
    largestMemoryMb: Math.max(0, ...healthy.map(({ memoryMb }) => memoryMb ?? 0)),
    workers: healthy
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
      .slice(0, DEFAULTS.workersNamed)
      .map(({ worker }) => worker),
    sick: sickOf(seen, nowMs),
  };
}
