import { RunnerError } from '../core/errors.js';
import type { DetectedFramework } from '../core/model/detected.js';
import type { FrameworkName } from '../core/model/frameworks.js';

/** Detects the frameworks of the project in an absolute folder. */
export type DetectFramework = (cwd: string) => Promise<readonly DetectedFramework[]>;

/** The only framework found in a folder. Throws FRAMEWORK_UNKNOWN if there is none, or more than one. */
export function oneFramework(found: readonly DetectedFramework[], folder: string): FrameworkName {
  const names = [...new Set(found.map(({ name }) => name))];
  const [first, ...others] = names;
  if (first === undefined) throw new RunnerError('FRAMEWORK_UNKNOWN', `No test framework was found in ${folder}.`);
  if (others.length === 0) return first;
  const commands = names.map((name) => `\`holdfast run --framework ${name}\``).join(' or ');
  throw new RunnerError('FRAMEWORK_UNKNOWN', `Several test frameworks were found in ${folder}: ${names.join(', ')}.`, {
    remedy: `Run ${commands}, or all of them, as suites that \`holdfast init\` writes.`,
  });
}
