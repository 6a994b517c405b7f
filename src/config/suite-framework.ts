import path from 'node:path';
import { RunnerError } from '../core/errors.js';
import { FRAMEWORKS, type FrameworkName, factsOf } from '../core/model/frameworks.js';
import { type DetectFramework, oneFramework } from './one-framework.js';
import type { Resolved, ResolvedOptions } from './resolve-options.js';
import type { SUITE_OPTIONS } from './suite-options.js';

/**
 * Resolves a suite's framework: configured, implied by a key that only it has, or detected in the suite's folder. Throws
 * FRAMEWORK_UNKNOWN.
 */
export async function frameworkOf(
  name: string,
  options: ResolvedOptions<typeof SUITE_OPTIONS>,
  { projectRoot, detectFramework }: { readonly projectRoot: string; readonly detectFramework: DetectFramework },
): Promise<Resolved<FrameworkName>> {
  const { framework, source, cwd } = options;
  if (framework.value !== null) return { ...framework, value: framework.value };
  for (const candidate of FRAMEWORKS) {
    const { own } = factsOf(candidate);
    if (own !== undefined && options[own.required].value !== null)
      return { value: candidate, origin: 'default', detail: `it has a ${own.required}` };
  }
  if (source.value.kind === 'git')
    throw new RunnerError(
      'FRAMEWORK_UNKNOWN',
      `suites.${name}.framework is required: its code is not on this machine, so it cannot be detected.`,
    );
  const folder = path.resolve(projectRoot, cwd.value);
  return { value: oneFramework(await detectFramework(folder), folder), origin: 'default', detail: 'detected' };
}
