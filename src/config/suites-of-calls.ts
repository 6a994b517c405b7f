import type { DetectedFramework, ProjectCall } from '../core/model/detected.js';
import type { SuiteConfig } from './schema.js';

/** A suite to run, as the configuration file has it, or as the project's own test script calls its framework. */
export type ChosenSuite = { readonly name: string; readonly config: SuiteConfig; readonly call: ProjectCall | null };

/** A suite for each framework, named after it; a second one of the same framework is called `mocha-2`. */
export function suitesOfCalls(found: readonly DetectedFramework[]): readonly ChosenSuite[] {
  return found.map(({ name, call }, index) => {
    const number = found.slice(0, index).filter((other) => other.name === name).length + 1;
    return { name: number === 1 ? name : `${name}-${number}`, config: { framework: name, ...(call && settingsOf(call)) }, call };
  });
}

function settingsOf({ args, env, cwd }: ProjectCall): SuiteConfig {
  return {
    ...(args.length > 0 && { args: [...args] }),
    ...(Object.keys(env).length > 0 && { env: { set: { ...env } } }),
    ...(cwd !== '.' && { cwd }),
  };
}
