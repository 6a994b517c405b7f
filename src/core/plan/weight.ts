/** How many slots of a worker together have this much memory, each with an equal share of the worker's; at most all. */
export function slotsFor(neededMb: number, { slots, memoryMb }: { readonly slots: number; readonly memoryMb: number }): number {
  return Math.min(slots, Math.ceil((neededMb * slots) / memoryMb));
}
