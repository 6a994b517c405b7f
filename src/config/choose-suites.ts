import { RunnerError } from '../core/errors.js';
import type { Invocation } from './invocation.js';
import { nearest } from './nearest.js';
import { type DetectFramework, oneFramework } from './one-framework.js';
import { resolveOptions } from './resolve-options.js';
import type { HoldfastConfig } from './schema.js';
import { SUITE_OPTIONS } from './suite-options.js';
import { type ChosenSuite, suitesOfCalls } from './suites-of-calls.js';

type Project = { readonly invocation: Invocation; readonly projectRoot: string; readonly detectFramework: DetectFramework };

/**
 * Returns the named suites, or else all that are not manual. Without configured suites they are those of `detectedSuites`.
 * Throws SUITE_UNKNOWN, or FRAMEWORK_UNKNOWN if none is configured and not exactly one framework is detected.
 */
export async function chooseSuites(
  { suites }: HoldfastConfig,
  wanted: readonly string[],
  project: Project,
): Promise<readonly ChosenSuite[]> {
  const all = suites === undefined ? await detectedSuites(project) : configured(suites);
  const known = all.map(({ name }) => name);
  for (const name of wanted) if (!known.includes(name)) throw unknownSuite(name, known);
  const chosen = all.filter(({ name, config }) => (wanted.length > 0 ? wanted.includes(name) : config.manual !== true));
  if (chosen.length === 0) throw new RunnerError('SUITE_UNKNOWN', `Every suite is manual: ${known.join(', ')}.`);
  return chosen;
}

function configured(suites: NonNullable<HoldfastConfig['suites']>): readonly ChosenSuite[] {
  return Object.entries(suites).map(([name, config]) => ({ name, config, call: null }));
}

/** Without a configuration: a suite for each call in the project's own test script, or else one for its only framework. */
async function detectedSuites({ invocation, projectRoot, detectFramework }: Project): Promise<readonly ChosenSuite[]> {
  const { framework: named } = resolveOptions(
    { framework: SUITE_OPTIONS.framework },
    { flags: invocation.flags.values, env: invocation.env, file: {}, place: null },
  );
  const found = named.value === null ? await detectFramework(projectRoot) : [];
  const called = found.filter(({ call }) => call !== null);
  if (called.length > 0) return suitesOfCalls(called);
  const framework = named.value ?? oneFramework(found, projectRoot);
  return [{ name: framework, config: { framework }, call: null }];
}

function unknownSuite(name: string, known: readonly string[]): RunnerError {
  const suggestion = nearest(name, known);
  const hint = suggestion === null ? `there are ${known.join(', ')}.` : `did you mean ${suggestion}?`;
  return new RunnerError('SUITE_UNKNOWN', `There is no suite "${name}"; ${hint}`);
}
