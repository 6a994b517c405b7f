import { DEFAULTS } from '../defaults.js';
import type { AttemptOutcome } from '../model/attempt.js';

/** How a red file is looked at once more: with the machine to itself, or in one process after the files that come before it. */
export type LookKind = 'alone' | 'company';

/** What has become of the looks at a file. Once one is refused, so are all. */
export type Look = { readonly kind: 'none' | 'refused' } | { readonly kind: 'asked' | 'granted'; readonly look: LookKind };

/** What decides whether a run may look at a red file once more. */
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

/**
 * The look that a red file needs before red is believed; undefined if there is none. By itself, if its last attempt had others beside
 * it; then in company, if that may help.
 */
export function dueLook(outcomes: readonly AttemptOutcome[], mayNeedCompany: boolean): LookKind | undefined {
  const last = outcomes.at(-1);
  if (last === undefined || last.kind === 'lost') return undefined;
  if (last.beside !== undefined && !isMade('alone', outcomes)) return 'alone';
  return mayNeedCompany && !isMade('company', outcomes) ? 'company' : undefined;
}

/** Has the look an outcome of the test? */
export function isMade(look: LookKind, outcomes: readonly AttemptOutcome[]): boolean {
  const mark = look === 'alone' ? 'alone' : 'after';
  return outcomes.some((outcome) => outcome.kind !== 'lost' && outcome[mark] !== undefined);
}

/** Red, and without a word on what it could not have: so it counts for the question whether the build is broken. */
export function isUnexplained(outcome: AttemptOutcome | undefined): boolean {
  return outcome === undefined || outcome.kind === 'lost' || outcome.clash?.kind !== 'address';
}

/**
 * May the run look at one more red file? Not where so many are red that the build is broken, and not for longer than the run itself
 * took, or than a minute.
 */
export function mayLook({ planned, red, ...times }: LookCircumstances): boolean {
  const { leastRed, brokenShare } = DEFAULTS.secondLook;
  const isBroken = red >= leastRed && red >= brokenShare * planned;
  return !isBroken && leftMs(times) > 0;
}

/** How long the run may still look at red files, in ms. */
export function leftMs({ spentMs, runMs }: Pick<LookCircumstances, 'spentMs' | 'runMs'>): number {
  return Math.max(DEFAULTS.secondLook.leastMs, runMs) - spentMs;
}
