import { RunnerError } from '../core/errors.js';
import type { Invocation } from './invocation.js';
import { nearest } from './nearest.js';
import { type DetectFramework, oneFramework } from './one-framework.js';
import { resolveOptions } from './resolve-options.js';
import type { HoldfastConfig, SuiteConfig } from './schema.js';
import { SUITE_OPTIONS } from './suite-options.js';

type Project = { readonly invocation: Invocation; readonly projectRoot: string; readonly detectFramework: DetectFramework };

/**
 * Returns the named suites, or else all that are not manual. Without configured suites there is one, named after the detected framework.
 * Throws SUITE_UNKNOWN, or FRAMEWORK_UNKNOWN if none is configured and not exactly one framework is detected.
 */
export async function chooseSuites(
  { suites }: HoldfastConfig,
  wanted: readonly string[],
  project: Project,
): Promise<readonly (readonly [string, SuiteConfig])[]> {
  const all = Object.entries(suites ?? (await detectedSuite(project)));
  const known = all.map(([name]) => name);
  for (const name of wanted) if (!known.includes(name)) throw unknownSuite(name, known);
  const chosen = all.filter(([name, { manual }]) => (wanted.length > 0 ? wanted.includes(name) : manual !== true));
  if (chosen.length === 0) throw new RunnerError('SUITE_UNKNOWN', `Every suite is manual: ${known.join(', ')}.`);
  return chosen;
}

async function detectedSuite({ invocation, projectRoot, detectFramework }: Project): Promise<Record<string, SuiteConfig>> {
  const { framework: named } = resolveOptions(
    { framework: SUITE_OPTIONS.framework },
    { flags: invocation.flags.values, env: invocation.env, file: {}, place: null },
  );
  const framework = named.value ?? oneFramework(await detectFramework(projectRoot), projectRoot);
  return { [framework]: { framework } };
}

function unknownSuite(name: string, known: readonly string[]): RunnerError {
  const suggestion = nearest(name, known);
  const hint = suggestion === null ? `there are ${known.join(', ')}.` : `did you mean ${suggestion}?`;
  return new RunnerError('SUITE_UNKNOWN', `There is no suite "${name}"; ${hint}`);
}
