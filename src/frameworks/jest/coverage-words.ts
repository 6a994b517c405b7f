import type { FrameworkSpec } from '../../core/model/suite.js';

const SWITCH = /^--(?:no-)?(?:coverage|collectCoverage)(?:=|$)/;

/** jest's arguments with its switch for coverage as the suite wants it; untouched if that is as the project has it. */
export function withCoverageSwitch(args: readonly string[], { coverage }: Pick<FrameworkSpec, 'coverage'>): readonly string[] {
  if (coverage === undefined) return args;
  return [...args.filter((word) => !SWITCH.test(word)), `--coverage=${coverage === 'on'}`];
}
