import type { PlannedFile } from './suite.js';

/** Number of permits wanted of each semaphore, by name. A resource is a semaphore; a serial group is one with a single permit. */
export type Permits = Readonly<Record<string, number>>;

/** How many permits each semaphore has, by name. */
export type Capacities = Readonly<Record<string, number>>;

/** The permits that a file holds until it has its verdict; null if it needs none. */
export function permitsFor({ serial, resources = {} }: Pick<PlannedFile, 'serial' | 'resources'>): Permits | null {
  const permits = { ...resources, ...(serial !== undefined && { [serialName(serial)]: 1 }) };
  return Object.keys(permits).length === 0 ? null : permits;
}

/** The capacities of the semaphores in question. A serial group has one permit. */
export function capacitiesFor(permits: Permits, resources: Capacities): Capacities {
  return Object.fromEntries(Object.keys(permits).map((name) => [name, resources[name] ?? 1]));
}

/** Permits in words: `serial db`, `2 of licence`. */
export function describePermits(permits: Permits): string {
  return Object.entries(permits)
    .map(([name, amount]) => (name.startsWith(SERIAL) ? `serial ${name.slice(SERIAL.length)}` : `${amount} of ${name}`))
    .join(', ');
}

const SERIAL = 'serial/'; // Resource names have no slash.
const serialName = (group: string) => SERIAL + group;

/** Tracks which permits are taken. They are granted all at once, and a waiting file holds none, so deadlock is impossible. */
export class PermitLedger {
  readonly #taken = new Map<string, number>();

  fits(permits: Permits, capacities: Capacities): boolean {
    return Object.entries(permits).every(([name, amount]) => (this.#taken.get(name) ?? 0) + amount <= (capacities[name] ?? 1));
  }

  take(permits: Permits): void {
    this.#add(permits, 1);
  }

  giveBack(permits: Permits): void {
    this.#add(permits, -1);
  }

  #add(permits: Permits, sign: 1 | -1): void {
    for (const [name, amount] of Object.entries(permits)) {
      const left = (this.#taken.get(name) ?? 0) + sign * amount;
      if (left === 0) this.#taken.delete(name);
      else this.#taken.set(name, left);
    }
  }
}
