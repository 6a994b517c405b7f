import type { FrameworkSpec } from '../../core/model/suite.js';

/** The option of a framework that turns coverage on or off: what it looks like among arguments, and its name. */
export type CoverageSwitch = { readonly pattern: RegExp; readonly flag: string };

/** The arguments with the switch for coverage as the suite wants it; untouched if that is as the project has it. */
export function withCoverageSwitch(
  args: readonly string[],
  { coverage }: Pick<FrameworkSpec, 'coverage'>,
  { pattern, flag }: CoverageSwitch,
): readonly string[] {
  if (coverage === undefined) return args;
  return [...args.filter((word) => !pattern.test(word)), `${flag}=${coverage === 'on'}`];
}
