import type { FileRule } from '../model/suite.js';

/** Compiles a glob into a predicate on paths. */
export type CompileGlob = (glob: string) => (path: string) => boolean;

/** The settings that rules override for a file. */
export type Overrides = Omit<FileRule, 'files'>;

/** Returns a function that finds the overrides for a path. If several matching rules set the same thing, the first wins. */
export function compileRules(rules: readonly FileRule[], compileGlob: CompileGlob): (path: string) => Overrides {
  const compiled = rules.map(({ files, ...overrides }) => ({ matches: compileGlob(files), overrides }));
  return (path) => {
    let all: Overrides = {};
    for (const { matches, overrides } of compiled) if (matches(path)) all = { ...overrides, ...all };
    return all;
  };
}
