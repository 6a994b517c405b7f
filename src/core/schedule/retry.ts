import { DEFAULTS } from '../defaults.js';

/** How red attempts are repeated. Durations are ms. */
export type RetryPolicy = {
  /** At once, ahead of all untouched files of any run; or when every file of the run has had its turn. */
  readonly when: 'now' | 'end';
  /** Repeats in the whole run at most; null for no limit. */
  readonly maxTotal: RetryLimit | null;
  /** Before the first repeat of a file; each further one waits `backoff` times as long. */
  readonly delayMs: number;
  readonly backoff: number;
  /** Patterns of what a red attempt said: only those that match one of `only`, if there are any, and none of `except` are repeated. */
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** What matches one of these is the machine's doing: a loss, not a red attempt. */
  readonly infrastructure: readonly string[];
};

/** So many, or such a share (0 to 1) of the files of the run. */
export type RetryLimit = { readonly kind: 'count'; readonly count: number } | { readonly kind: 'share'; readonly share: number };

export const RETRY_AT_ONCE: RetryPolicy = {
  when: 'now',
  maxTotal: null,
  delayMs: 0,
  backoff: DEFAULTS.retryBackoff,
  only: [],
  except: [],
  infrastructure: [],
};

/** `15` or `2%`; null when it is neither. */
export function parseRetryLimit(text: string): RetryLimit | null {
  const [, amount, percent] = /^(\d{1,9}(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  if (percent === '%') return value <= 100 ? { kind: 'share', share: value / 100 } : null;
  return amount !== undefined && Number.isInteger(value) ? { kind: 'count', count: value } : null;
}

/** Repeats that so many files may use up together. Infinity without a limit. */
export function retriesFor(files: number, limit: RetryLimit | null): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return limit.kind === 'share' ? Math.ceil(files * limit.share) : limit.count;
}

/** Pause before the nth repeat of a file, n from 1; `random` from 0 to below 1 spreads those that failed together. */
export function delayBefore(nth: number, { delayMs, backoff }: RetryPolicy, random: number): number {
  const whole = Math.min(delayMs * backoff ** (nth - 1), DEFAULTS.longestRetryDelayMs);
  return Math.round(whole * (1 - DEFAULTS.retryJitter * random));
}

/** What a red attempt means, by what it said. */
export type Cause = 'infrastructure' | 'repeat' | 'final';

/** Reads what a red attempt said against the patterns of the policy. */
export function causeOf(
  said: string,
  { only, except, infrastructure }: Pick<RetryPolicy, 'only' | 'except' | 'infrastructure'>,
): Cause {
  const matches = (pattern: string) => new RegExp(pattern, 'm').test(said);
  if (infrastructure.some(matches)) return 'infrastructure';
  if (only.length > 0 && !only.some(matches)) return 'final';
  return except.some(matches) ? 'final' : 'repeat';
}
