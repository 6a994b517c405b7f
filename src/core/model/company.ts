import type { AttemptOutcome, AttemptRecord, TestOutcome, Verdict } from './attempt.js';
import { describeClash } from './clash.js';

/** A file that is kept apart from others: what was seen when it collided with them, and when that was, epoch ms. */
export type KeptApart = { readonly path: string; readonly seen: string; readonly sinceMs: number };

/** How other files decide what a file is: red beside them and green by itself; or red by itself and green after them. */
export type Company = 'collides' | 'dependsOnFilesBefore';

type Judged = { readonly verdict: Verdict; readonly attempts: readonly AttemptRecord[] };

/** What a green second look says of a file; undefined if there was none. */
export function companyOf({ verdict, attempts }: Judged): Company | undefined {
  const last = attempts.at(-1)?.outcome;
  if (verdict !== 'flaky' || last?.kind !== 'passed') return undefined;
  if (last.after) return 'dependsOnFilesBefore';
  return last.alone ? 'collides' : undefined;
}

/** What was seen of the collision: `port 3000 was in use by b.test.js`, or else `b.test.js ran beside it`. */
export function seenOf({ attempts }: Pick<Judged, 'attempts'>): string {
  const { beside, clash } = redBesideOthers(attempts.map(({ outcome }) => outcome));
  return clash ?? `${beside.join(', ')} ran beside it`;
}

/** The files that ran beside the last red attempt that had any, and in words what it could not have, if its output says so. */
export function redBesideOthers(outcomes: readonly AttemptOutcome[]): {
  readonly beside: readonly string[];
  readonly clash: string | undefined;
} {
  const red = outcomes.findLast(ranBeside);
  return { beside: red?.beside ?? [], clash: red?.clash && describeClash(red.clash) };
}

function ranBeside(outcome: AttemptOutcome): outcome is TestOutcome & { readonly beside: readonly string[] } {
  return outcome.kind !== 'lost' && outcome.beside !== undefined;
}
