import { setTimeout as delay } from 'node:timers/promises';
import type { Hold } from '../../adapters/process/slots.js';
import type { Lease } from '../../core/model/lease.js';
import { whenAborted } from '../../core/model/when-aborted.js';
import { slotsFor } from '../../core/plan/weight.js';
import type { TestAdapters } from './test-adapters.js';

/** What a dispatch takes of a worker. */
export type SlotRequest = {
  /** Slots, from 1. */
  readonly slots: number;
  /** Memory in MB: as many slots as have it. */
  readonly memoryMb?: number;
  /** Given up when no slot is free so soon; waits as long as it takes when undefined. */
  readonly withinMs?: number;
};

/** Waits for the slots; `tooLate` when none was free in time. */
export async function holdSlots(
  { slots, memoryMb }: Pick<TestAdapters, 'slots' | 'memoryMb'>,
  request: SlotRequest,
  { signal }: Lease,
): Promise<Hold | 'tooLate' | 'aborted'> {
  const wanted = Math.max(request.slots, slotsFor(request.memoryMb ?? 0, { slots: slots.count, memoryMb }));
  const taking = slots.take(wanted);
  const held = new AbortController();
  const patience =
    request.withinMs === undefined
      ? []
      : [delay(request.withinMs, 'tooLate' as const, { signal: held.signal }).catch(() => 'tooLate' as const)];
  const hold = await Promise.race([taking, whenAborted(signal).then(() => 'aborted' as const), ...patience]);
  held.abort();
  if (typeof hold === 'string') void taking.then(({ release }) => release());
  return hold;
}
