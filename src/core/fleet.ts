import { DEFAULTS } from './defaults.js';
import type { WorkerIdentity } from './identity.js';

export type SeenWorker = WorkerIdentity & {
  /** Its last poll, epoch ms. A poll may be open for a minute; a worker whose slots are all busy makes none. */
  readonly lastSeenMs: number;
};

/** Workers that lost a file, by name, and when: epoch ms. */
export type Gone = Readonly<Record<string, number>>;

/**
 * Slots of the workers that are there. The server remembers who polled for minutes after their death, so a worker that lost a file and
 * has not polled since is left out.
 */
export function slotsOf(seen: readonly SeenWorker[], gone: Gone): number {
  return seen
    .filter(({ worker, lastSeenMs, sick }) => sick === null && lastSeenMs >= (gone[worker] ?? 0))
    .reduce((total, { slots }) => total + slots, 0);
}

/** Workers that are there and have taken themselves out. */
export function sickOf(seen: readonly SeenWorker[], nowMs: number): readonly SickWorker[] {
  return seen.flatMap(({ worker, sick, lastSeenMs }) =>
    sick === null || nowMs - lastSeenMs > DEFAULTS.pollerSilenceMs ? [] : [{ worker, reason: sick }],
  );
}

/** A worker that takes no work any more, and why. */
export type SickWorker = { readonly worker: string; readonly reason: string };

/** What a run needs to know of the fleet: slots that take work, and who has taken itself out. */
export type FleetSight = { readonly slots: number; readonly sick: readonly SickWorker[] };
