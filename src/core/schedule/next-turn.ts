import { type AttemptOutcome, type AttemptRecord, type Budget, nextStep, type Verdict } from '../model/attempt.js';
import { REASONS } from '../model/change.js';
import { redBesideOthers } from '../model/company.js';
import type { Copy, FileResult, PlannedFile } from '../model/suite.js';
import { dueLook, isMade, type Look, type LookKind } from './second-look.js';

/** What has happened to a file so far. */
export type FileProgress = {
  readonly file: PlannedFile;
  /** Oldest first, losses included. */
  readonly attempts: readonly AttemptRecord[];
  readonly copies: readonly Copy[];
  /** Dispatches in which the file got no turn. They only count for the number of the next one. */
  readonly notBegun: number;
  /** Retries granted by the run's budget. */
  readonly retriesGranted: number;
  /** The run's budget has no retry left. */
  readonly isRetryRefused: boolean;
  readonly look: Look;
};

/** A verdict, and the reason if no attempt explains it. */
export type Ending = { readonly verdict: Verdict; readonly reason?: string };

export type NextTurn =
  | ({ readonly kind: 'done' } & Ending)
  /** The next attempt is a retry, which needs the run's budget. `nth`: number of the retry, from 1. */
  | { readonly kind: 'askForRetry'; readonly nth: number }
  /** It was red, but perhaps only because of other files. The run may grant a look. */
  | { readonly kind: 'askForLook'; readonly look: LookKind }
  /** `dispatch` counts every dispatch, `attempt` excludes losses; both from 1. `isRetry`: it follows a red attempt. `look`: it is one. */
  | {
      readonly kind: 'dispatch';
      readonly dispatch: number;
      readonly attempt: number;
      readonly isRetry: boolean;
      readonly look?: LookKind;
    };

/** What the run and its users have decided about the file. */
export type Circumstances = {
  readonly budget: Budget;
  /** Retries that the whole run may use. */
  readonly retryLimit: number;
  /** Whether a red file is looked at once more, and whether that may be in company. */
  readonly secondLook: boolean;
  readonly mayNeedCompany?: boolean;
  /** How a person ended the file. */
  readonly ending?: Ending | undefined;
  /** The reason, if a person quarantined the file. */
  readonly quarantinedByUser?: string | undefined;
};

export function newProgress(file: PlannedFile): FileProgress {
  return { file, attempts: [], copies: [], notBegun: 0, retriesGranted: 0, isRetryRefused: false, look: { kind: 'none' } };
}

/** What to do with a file next. A person's decision takes precedence, then the outcomes of attempts, then the run's budget. */
export function nextTurn(progress: FileProgress, circumstances: Circumstances): NextTurn {
  const { file, attempts, notBegun, retriesGranted, isRetryRefused, look } = progress;
  const { budget, retryLimit, ending, quarantinedByUser } = circumstances;
  if (ending) return { kind: 'done', ...ending };
  const outcomes = attempts.map(({ outcome }) => outcome);
  const settled = (verdict: Verdict, reason?: string) => {
    return {
      kind: 'done',
      ...afterQuarantine({ verdict, ...(reason !== undefined && { reason }) }, file, outcomes.at(-1), quarantinedByUser),
    } as const;
  };
  const reds = outcomes.filter(({ kind }) => kind !== 'lost').length;
  const dispatch = { kind: 'dispatch', dispatch: attempts.length + notBegun + 1, attempt: reds + 1, isRetry: false } as const;
  const step = nextStep(outcomes, budgetOf(file, budget));
  if (step.kind === 'done') {
    const end = settled(step.verdict, whyFlaky(outcomes));
    if (!circumstances.secondLook || look.kind === 'refused' || end.verdict !== 'failed') return end;
    const due = dueLook(outcomes, circumstances.mayNeedCompany === true);
    if (due === undefined) return end;
    return look.kind === 'granted' && look.look === due ? { ...dispatch, look: due } : { kind: 'askForLook', look: due };
  }
  if (look.kind === 'granted' && !isMade(look.look, outcomes)) return { ...dispatch, look: look.look }; // The look was lost.
  const isRetry = reds > 0 && outcomes.at(-1)?.kind !== 'lost';
  if (isRetry && isRetryRefused) return settled('failed', REASONS.retriesUsedUp(retryLimit));
  if (isRetry && retriesGranted < reds) return { kind: 'askForRetry', nth: reds };
  return { ...dispatch, isRetry };
}

/** The ending of a file without a verdict when its run is stopped or cancelled. One that lacked only its second look is red. */
export function endingWhenStopped({ look }: FileProgress, { ending }: Circumstances, reason: string): Ending {
  return ending ?? (look.kind === 'none' ? { verdict: 'notRun', reason } : { verdict: 'failed' });
}

/** The file with its verdict. */
export function resultOf({ file, attempts, copies }: FileProgress, { verdict, reason }: Ending): FileResult {
  return { ...file, verdict, attempts, ...(copies.length > 0 && { copies }), ...(reason !== undefined && { reason }) };
}

function budgetOf({ retries }: PlannedFile, { maxAttempts, maxLosses }: Budget): Budget {
  return { maxAttempts: retries === undefined ? maxAttempts : retries + 1, maxLosses };
}

/** Why a file is flaky, if that is known: it was red only in company. */
function whyFlaky(outcomes: readonly AttemptOutcome[]): string | undefined {
  const last = outcomes.at(-1);
  if (last?.kind !== 'passed') return undefined;
  if (last.after) return REASONS.dependsOnFilesBefore(last.after);
  if (last.alone) {
    const { beside, clash } = redBesideOthers(outcomes);
    return REASONS.collides(beside, clash);
  }
  return last.redAfter ? REASONS.redAfterOthers(last.redAfter) : undefined;
}

/** Applies the quarantine file, and a person's quarantine, to a verdict. */
function afterQuarantine(
  ending: Ending,
  { quarantine }: PlannedFile,
  last: AttemptOutcome | undefined,
  quarantinedByUser: string | undefined,
): Ending {
  if (ending.verdict === 'passed' && quarantine?.cases === null && !quarantine.isExpired)
    return { verdict: 'passed', reason: REASONS.quarantineUnneeded(quarantine.reason) };
  if (ending.verdict !== 'failed') return ending;
  if (quarantinedByUser !== undefined) return { verdict: 'quarantined', reason: quarantinedByUser };
  if (quarantine === undefined) return ending;
  if (quarantine.isExpired) return { verdict: 'failed', reason: REASONS.quarantineExpired(quarantine.reason) };
  const covers = quarantine.cases === null || (last !== undefined && last.kind !== 'lost' && last.isQuarantined === true);
  return covers ? { verdict: 'quarantined', reason: REASONS.quarantined(quarantine.reason) } : ending;
}
