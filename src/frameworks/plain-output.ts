import type { SuiteFolder } from './framework.js';

/**
 * Environment variables that disable colour codes, since the output never goes to a terminal. Empty if nothing would enable colours,
 * so that tests that inspect these variables see their usual values, and if the suite itself requests colours.
 */
export function plainOutput({ env, spec }: SuiteFolder): Readonly<Record<string, string>> {
  const isRequested = spec.env.set !== undefined && 'FORCE_COLOR' in spec.env.set;
  return !isRequested && ('FORCE_COLOR' in env || 'CI' in env) ? { FORCE_COLOR: '0', NO_COLOR: '1' } : {};
}
