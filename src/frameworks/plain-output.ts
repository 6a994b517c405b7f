import type { SuiteFolder } from './framework.js';

/**
 * Variables that keep colour codes out of the output, which is read from a file and never a terminal.
 * Empty where nothing would switch colours on, so that tests which look at these variables see no others than usual;
 * and where the suite itself asks for colours.
 */
export function plainOutput({ env, spec }: SuiteFolder): Readonly<Record<string, string>> {
  const asked = spec.env.set !== undefined && 'FORCE_COLOR' in spec.env.set;
  return !asked && ('FORCE_COLOR' in env || 'CI' in env) ? { FORCE_COLOR: '0', NO_COLOR: '1' } : {};
}
