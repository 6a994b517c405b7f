import type { PlannedFile } from './suite.js';

/** How much of which resource is wanted. A serial group is a resource of which there is one. */
export type Claim = Readonly<Record<string, number>>;

/** How much there is of each resource. */
export type Capacities = Readonly<Record<string, number>>;

/** What a file takes while it has no verdict; null when it takes nothing. */
export function claimOf({ serial, resources = {} }: Pick<PlannedFile, 'serial' | 'resources'>): Claim | null {
  const claim = { ...resources, ...(serial !== undefined && { [serialName(serial)]: 1 }) };
  return Object.keys(claim).length === 0 ? null : claim;
}

/** The capacities that a claim needs to know: a serial group has one place. */
export function capacitiesOf(claim: Claim, resources: Capacities): Capacities {
  return Object.fromEntries(Object.keys(claim).map((name) => [name, resources[name] ?? 1]));
}

/** A claim for people: `serial db`, `2 of licence`. */
export function wordsOfClaim(claim: Claim): string {
  return Object.entries(claim)
    .map(([name, amount]) => (name.startsWith(SERIAL) ? `serial ${name.slice(SERIAL.length)}` : `${amount} of ${name}`))
    .join(', ');
}

const SERIAL = 'serial/'; // No resource can have a slash in its name.
const serialName = (group: string) => SERIAL + group;

/**
 * What is taken of resources. A claim is granted as a whole or not at all, and whoever waits holds nothing: nobody can wait for somebody who
 * waits, so no deadlock is possible.
 */
export class Ledger {
  readonly #taken = new Map<string, number>();

  fits(claim: Claim, capacities: Capacities): boolean {
    return Object.entries(claim).every(([name, amount]) => (this.#taken.get(name) ?? 0) + amount <= (capacities[name] ?? 1));
  }

  take(claim: Claim): void {
    this.#add(claim, 1);
  }

  giveBack(claim: Claim): void {
    this.#add(claim, -1);
  }

  #add(claim: Claim, sign: 1 | -1): void {
    for (const [name, amount] of Object.entries(claim)) {
      const left = (this.#taken.get(name) ?? 0) + sign * amount;
      if (left === 0) this.#taken.delete(name);
      else this.#taken.set(name, left);
    }
  }
}
