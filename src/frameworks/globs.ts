import { glob } from 'tinyglobby';
import type { SuiteFolder } from './framework.js';

/** Returns the matching files, sorted and relative to the suite's folder. Hidden files match only explicitly, `node_modules` never. */
export async function listByGlobs({ cwd }: SuiteFolder, patterns: readonly string[]): Promise<readonly string[]> {
  const ignore = ['**/node_modules/**', '**/.holdfast/**'];
  return (await glob([...patterns], { cwd, ignore, dot: false, expandDirectories: false })).sort();
}
