import { glob } from 'tinyglobby';
import type { SuiteFolder } from './framework.js';

/** The files that match, relative to the suite's folder, sorted. Hidden ones only where a pattern names them; installed packages never. */
export async function listByGlobs({ cwd }: SuiteFolder, patterns: readonly string[]): Promise<readonly string[]> {
  const ignore = ['**/node_modules/**', '**/.holdfast/**'];
  return (await glob([...patterns], { cwd, ignore, dot: false, expandDirectories: false })).sort();
}
