import { DEFAULTS } from '../defaults.js';
import type { AttemptOutcome, TestOutcome } from '../model/attempt.js';

/** The second look at a file that was red beside others: what has become of it. */
export type Look = 'unasked' | 'asked' | 'granted' | 'refused';

/** What decides whether a run may look at a red file a second time. */
export type LookCircumstances = {
  /** Files of the run, or of its batch. */
  readonly planned: number;
  /** Files that are red, or wait for a second look and do not say what they could not have. */
  readonly red: number;
  /** Time spent on second looks, in ms. */
  readonly spentMs: number;
  /** How long the run took until its first second look, in ms. */
  readonly runMs: number;
};

/** Is this what a second look is for? The last attempt was red while other files ran on its machine, and none had the machine to itself. */
export function callsForLook(outcomes: readonly AttemptOutcome[]): boolean {
  const last = outcomes.at(-1);
  return last !== undefined && last.kind !== 'lost' && last.beside !== undefined && !outcomes.some(hadMachine);
}

/** The look has been made: its attempt has an outcome of the test. */
export function hadMachine(outcome: AttemptOutcome): outcome is TestOutcome & { readonly alone: true } {
  return outcome.kind !== 'lost' && outcome.alone === true;
}

/** Red, and without a word on what it could not have: so it counts for the question whether the build is broken. */
export function isUnexplained(outcome: AttemptOutcome | undefined): boolean {
  return outcome === undefined || outcome.kind === 'lost' || outcome.clash?.kind !== 'address';
}

/**
 * May the run look at one more red file? Not where so many are red that the build is broken, and not for longer than the run itself
 * took, or than a minute.
 */
export function mayLook({ planned, red, spentMs, runMs }: LookCircumstances): boolean {
  const { leastRed, brokenShare, leastMs } = DEFAULTS.secondLook;
  const isBroken = red >= leastRed && red >= brokenShare * planned;
  return !isBroken && spentMs < Math.max(leastMs, runMs);
}
