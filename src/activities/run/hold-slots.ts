import { setTimeout as delay } from 'node:timers/promises';
import type { Hold } from '../../adapters/process/slots.js';
import type { SlotRequest } from '../../core/border/index.js';
import type { Lease } from '../../core/model/lease.js';
import { whenAborted } from '../../core/model/when-aborted.js';
import { slotsFor } from '../../core/plan/weight.js';
import type { TestAdapters } from './test-adapters.js';

/** Waits for the slots. `tooLate` if they were not free in time, `aborted` if the lease ended first. */
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
