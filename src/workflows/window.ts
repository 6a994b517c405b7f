import { condition } from '@temporalio/workflow';

/**
 * Starts work on items in their order while fewer than `size()` are under way, and ends when all of it has. Longest first is made by
 * scheduling late: a task queue keeps no order among what waits in it. When `isStopped()`, no further item is started.
 * `run` must not reject.
 */
export async function throughWindow<T>(
  items: readonly T[],
  { size, isStopped, run }: { size: () => number; isStopped: () => boolean; run: (item: T, index: number) => Promise<void> },
): Promise<void> {
  let inFlight = 0;
  const underWay: Promise<void>[] = [];
  try {
    for (const [index, item] of items.entries()) {
      await condition(() => isStopped() || inFlight < size());
      if (isStopped()) break;
      inFlight += 1;
      underWay.push(
        run(item, index).finally(() => {
          inFlight -= 1;
        }),
      );
    }
  } finally {
    await Promise.all(underWay);
  }
}
