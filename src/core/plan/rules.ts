import type { FileRule } from '../model/suite.js';

/** Does this glob mean this path? Compiled once for many paths. */
export type CompileGlob = (glob: string) => (path: string) => boolean;

/** What rules tell of a file. */
export type Told = Omit<FileRule, 'files'>;

/** What the rules tell of a path: of several that tell the same, the first that matches wins. */
export function compileRules(rules: readonly FileRule[], compileGlob: CompileGlob): (path: string) => Told {
  const compiled = rules.map(({ files, ...told }) => ({ matches: compileGlob(files), told }));
  return (path) => {
    let all: Told = {};
    for (const { matches, told } of compiled) if (matches(path)) all = { ...told, ...all };
    return all;
  };
}
