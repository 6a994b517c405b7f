import { seededRandom } from '../../src/core/plan/random.js';

/** Random numbers from 0 to 1 whose seed is printed; HOLDFAST_FAULT_SEED repeats them. */
export function printedRandom(what: string): () => number {
  const seed = Number(process.env.HOLDFAST_FAULT_SEED ?? Date.now() % 1_000_000);
  console.log(`${what}: HOLDFAST_FAULT_SEED=${seed}`);
  return seededRandom(seed);
}
