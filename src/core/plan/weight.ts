/** How many slots of a worker hold this much memory, each an equal share of the worker's; at most all. */
export function slotsFor(neededMb: number, { slots, memoryMb }: { readonly slots: number; readonly memoryMb: number }): number {
  return Math.min(slots, Math.ceil((neededMb * slots) / memoryMb));
}
