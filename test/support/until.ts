import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 25;
const PATIENCE_MS = 60_000;

/** Waits for something to be the case, and returns it. Fails, naming it, when it never is. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== null && seen !== undefined) return seen as Exclude<T, false | null | undefined>; // Narrowed by hand: T is open.
    if (performance.now() > endMs) throw new Error(`Waited ${PATIENCE_MS / 1_000} s in vain until ${what}.`);
    await delay(LOOK_MS);
  }
}
