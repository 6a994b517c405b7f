/** How many slots of a worker have so much memory, each an equal share of what it has; never more than all. */
export function slotsFor(neededMb: number, { slots, memoryMb }: { readonly slots: number; readonly memoryMb: number }): number {
  return Math.min(slots, Math.ceil((neededMb * slots) / memoryMb));
}
