import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunnerError } from '../core/errors.js';
import { listsItself } from '../core/model/frameworks.js';
import type { Selection } from '../core/model/suite.js';
import type { SuiteFolder } from './framework.js';
import { listByGlobs } from './globs.js';
import { frameworkOf } from './registry.js';
import { literal, selectFiles } from './select.js';

/**
 * The test files of a suite that a run is about, sorted: the framework's listing, less what the selection leaves out. Empty when
 * nothing is left. Throws RunnerError LISTING_FAILED, and FILE_MISSING or NO_MATCH when something that was asked for by name stands for
 * no test file: a file left out in silence would look as if it had passed. `known`: what the framework lists, where it has been asked.
 */
export type ListTestFiles = (
  folder: SuiteFolder,
  selection: Selection,
  known?: readonly string[] | null,
) => Promise<readonly string[]>;

export const listTestFiles: ListTestFiles = async (folder, selection, known = null) => {
  const listed = known ?? (await list(folder, selection));
  const { files, unmatched } = selectFiles(listed, selection, folder.cwd);
  if (unmatched.length > 0) throw await explain(unmatched, new Set(listed), folder);
  return files;
};

/** Where a framework has no listing of its own, the patterns of `include` are the listing; whatever is named may be a test file where there are none. */
async function list(folder: SuiteFolder, { include, only, files }: Selection): Promise<readonly string[]> {
  const { name } = folder.spec;
  if (listsItself(folder.spec)) return frameworkOf(name).list(folder);
  const patterns = include.filter((pattern) => !pattern.startsWith('!'));
  if (patterns.length > 0) return listByGlobs(folder, patterns);
  if (only.length > 0 || files !== undefined) return frameworkOf(name).list(folder);
  throw new RunnerError(
    'CONFIG_INVALID',
    `A suite of the framework \`${name}\` says by \`include\` which files are its tests; it is empty.`,
  );
}

async function explain(
  unmatched: readonly string[],
  listed: ReadonlySet<string>,
  { cwd, spec }: SuiteFolder,
): Promise<RunnerError> {
  const reasons = await Promise.all(
    unmatched.map(async (entry) => {
      const path = literal(entry, cwd);
      if (listed.has(path)) return { entry, says: 'is left out by include or exclude' };
      if (await exists(resolve(cwd, path))) return { entry, says: `exists, but holds no test file of this suite (${spec.name})` };
      if (/[*?{}[\]()!]/.test(entry)) return { entry, says: 'matches no test file' };
      return { entry, says: 'does not exist', isMissing: true };
    }),
  );
  const code = reasons.some(({ isMissing }) => isMissing) ? 'FILE_MISSING' : 'NO_MATCH';
  return new RunnerError(code, `${reasons.map(({ entry, says }) => `${JSON.stringify(entry)} ${says}`).join('; ')}.`);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
