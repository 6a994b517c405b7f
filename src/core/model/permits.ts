import type { PlannedFile } from './suite.js';

/** How much of which resource is wanted. A serial group is a resource of which there is one. */
export type Permits = Readonly<Record<string, number>>;

/** How much there is of each resource. */
export type Capacities = Readonly<Record<string, number>>;

/** What a file takes while it has no verdict; null when it takes nothing. */
export function permitsFor({ serial, resources = {} }: Pick<PlannedFile, 'serial' | 'resources'>): Permits | null {
  const permits = { ...resources, ...(serial !== undefined && { [serialName(serial)]: 1 }) };
  return Object.keys(permits).length === 0 ? null : permits;
}

/** The capacities that a permits needs to know: a serial group has one place. */
export function capacitiesFor(permits: Permits, resources: Capacities): Capacities {
  return Object.fromEntries(Object.keys(permits).map((name) => [name, resources[name] ?? 1]));
}

/** A permits for people: `serial db`, `2 of licence`. */
export function describePermits(permits: Permits): string {
  return Object.entries(permits)
    .map(([name, amount]) => (name.startsWith(SERIAL) ? `serial ${name.slice(SERIAL.length)}` : `${amount} of ${name}`))
    .join(', ');
}

const SERIAL = 'serial/'; // No resource can have a slash in its name.
const serialName = (group: string) => SERIAL + group;

/**
 * What is taken of resources. A permits is granted as a whole or not at all, and whoever waits holds nothing: nobody can wait for somebody who
 * waits, so no deadlock is possible.
 */
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
