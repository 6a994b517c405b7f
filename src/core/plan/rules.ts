import type { FileRule } from '../model/suite.js';

/** Does this glob mean this path? Compiled once for many paths. */
export type CompileGlob = (glob: string) => (path: string) => boolean;

/** What rules tell of a file. */
export type Overrides = Omit<FileRule, 'files'>;

/** What the rules tell of a path: of several that tell the same, the first that matches wins. */
export function compileRules(rules: readonly FileRule[], compileGlob: CompileGlob): (path: string) => Overrides {
  const compiled = rules.map(({ files, ...overrides }) => ({ matches: compileGlob(files), overrides }));
  return (path) => {
    let all: Overrides = {};
    for (const { matches, overrides } of compiled) if (matches(path)) all = { ...overrides, ...all };
    return all;
  };
}
