import { DEFAULTS } from '../defaults.js';

/** How red attempts are retried. Durations are ms. */
export type RetryPolicy = {
  /** `now`: at once, ahead of files that have not run yet, in any run. `end`: after every file of the run has started. */
  readonly when: 'now' | 'end';
  /** Most retries in the whole run; null for no limit. */
  readonly maxTotal: RetryLimit | null;
  /** Pause before the first retry of a file; doubles with each further one. */
  readonly delayMs: number;
  /** Patterns for the output of red attempts. If there are any, only attempts that match one are retried. */
  readonly only: readonly string[];
  /** A red attempt whose output matches one of these counts as a loss instead. */
  readonly infrastructure: readonly string[];
};

/** A number of retries, or a share (0 to 1) of the files of the run. */
export type RetryLimit = { readonly kind: 'count'; readonly count: number } | { readonly kind: 'share'; readonly share: number };

export const RETRY_AT_ONCE: RetryPolicy = {
  when: 'now',
  maxTotal: null,
  delayMs: 0,
  only: [],
  infrastructure: [],
};

/** Parses `15` or `2%`; null if the text is neither. */
export function parseRetryLimit(text: string): RetryLimit | null {
  const [, amount, percent] = /^(\d{1,9}(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  if (percent === '%') return value <= 100 ? { kind: 'share', share: value / 100 } : null;
  return amount !== undefined && Number.isInteger(value) ? { kind: 'count', count: value } : null;
}

/** How many retries a run of `files` files may use; Infinity without a limit. */
export function retriesFor(files: number, limit: RetryLimit | null): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return limit.kind === 'share' ? Math.ceil(files * limit.share) : limit.count;
}

/** Pause before the nth retry of a file, n from 1. `random` (0 to below 1) spreads out files that failed together. */
export function delayBefore(nth: number, { delayMs }: RetryPolicy, random: number): number {
  const whole = Math.min(delayMs * DEFAULTS.retryBackoff ** (nth - 1), DEFAULTS.longestRetryDelayMs);
  return Math.round(whole * (1 - DEFAULTS.retryJitter * random));
}

/** The consequence of a red attempt's output: a loss, a retry, or no retry. */
export type Cause = 'infrastructure' | 'retry' | 'final';

/** Decides by which patterns of the policy match the output of a red attempt. */
export function causeOf(
  matches: (pattern: string) => boolean,
  { only, infrastructure }: Pick<RetryPolicy, 'only' | 'infrastructure'>,
): Cause {
  if (infrastructure.some(matches)) return 'infrastructure';
  return only.length > 0 && !only.some(matches) ? 'final' : 'retry';
}
