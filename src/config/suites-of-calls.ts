import type { DetectedFramework, ProjectCall } from '../core/model/detected.js';
import type { SuiteConfig } from './schema.js';

/** A suite to run, as the configuration file has it, or as the project's own test script calls its framework. */
export type ChosenSuite = { readonly name: string; readonly config: SuiteConfig; readonly call: ProjectCall | null };

/** A suite for each call, named after its framework or, in a folder of its own, after that; a second one is called `mocha-2`. */
export function suitesOfCalls(found: readonly DetectedFramework[]): readonly ChosenSuite[] {
  const names = found.map(nameOf);
  return found.map(({ name: framework, call }, index) => {
    const name = names[index] ?? framework;
    const number = names.slice(0, index).filter((other) => other === name).length + 1;
    return { name: number === 1 ? name : `${name}-${number}`, config: { framework, ...(call && settingsOf(call)) }, call };
  });
}

/** `packages/@scope/core` → `packages-scope-core`. */
function nameOf({ name, call }: DetectedFramework): string {
  const words = call?.cwd.match(/[A-Za-z0-9][\w.-]*/g) ?? [];
  return words.length === 0 ? name : words.join('-').slice(0, 90);
}

function settingsOf({ args, env, cwd, coverageCommand }: ProjectCall): SuiteConfig {
  return {
    ...(args.length > 0 && { args: [...args] }),
    ...(Object.keys(env).length > 0 && { env: { set: { ...env } } }),
    ...(cwd !== '.' && { cwd }),
    ...(coverageCommand && { coverageCommand: [...coverageCommand] }),
  };
}
