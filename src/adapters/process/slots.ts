/** The numbers of a worker's slots, 1 to `count`: each attempt holds one, so that tests can share out ports and databases. */
export type Slots = { readonly count: number; take(): number; giveBack(slot: number): void };

/** Temporal never runs more activities than there are slots; a free number is therefore always at hand. */
export function createSlots(count: number): Slots {
  const free = Array.from({ length: count }, (_, index) => index + 1);
  return {
    count,
    take() {
      const slot = free.shift();
      if (slot === undefined) throw new Error(`All ${count} slots are taken.`);
      return slot;
    },
    giveBack(slot) {
      free.push(slot);
      free.sort((a, b) => a - b);
    },
  };
}
