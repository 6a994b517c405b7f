import { setTimeout as delay } from 'node:timers/promises';
import type { Hold } from '../../adapters/process/slots.js';
import type { Lease } from '../../core/model/lease.js';
import { whenAborted } from '../../core/model/when-aborted.js';
import { slotsFor } from '../../core/plan/weight.js';
import type { RunTestFileInput } from './attempt-file.js';
import type { TestAdapters } from './test-adapters.js';

/** Waits for as many slots as the file takes; `tooLate` when it was to be soon. */
export async function holdSlots(
  { slots, memoryMb }: TestAdapters,
  { slots: asked = 1, memoryMb: needed = 0, slotWithinMs }: Pick<RunTestFileInput, 'slots' | 'memoryMb' | 'slotWithinMs'>,
  { signal }: Lease,
): Promise<Hold | 'tooLate' | 'aborted'> {
  const taking = slots.take(Math.max(asked, slotsFor(needed, { slots: slots.count, memoryMb })));
  const held = new AbortController();
  const { signal: isHeld } = held;
  const patience =
    slotWithinMs === undefined
      ? []
      : [delay(slotWithinMs, 'tooLate' as const, { signal: isHeld }).catch(() => 'tooLate' as const)];
  const hold = await Promise.race([taking, whenAborted(signal).then(() => 'aborted' as const), ...patience]);
  held.abort();
  if (typeof hold === 'string') void taking.then(({ release }) => release());
  return hold;
}
