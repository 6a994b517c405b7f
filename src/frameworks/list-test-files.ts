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
 * Returns the test files of a run, sorted: the framework's listing, reduced to the selection; possibly empty. Throws RunnerError
 * LISTING_FAILED, or FILE_MISSING or NO_MATCH if an explicitly requested entry matches no test file: silently dropping it would look
 * like a pass. `known` is the framework's listing if the caller already has it.
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

/** Without its own discovery, a framework's listing is `include`; without `include`, any explicitly named file may be a test file. */
async function list(folder: SuiteFolder, { include, only, files }: Selection): Promise<readonly string[]> {
  const { name } = folder.spec;
  if (listsItself(folder.spec)) return frameworkOf(name).list(folder);
  const patterns = include.filter((pattern) => !pattern.startsWith('!'));
  if (patterns.length > 0) return listByGlobs(folder, patterns);
  if (only.length > 0 || files !== undefined) return frameworkOf(name).list(folder);
  throw new RunnerError(
    'CONFIG_INVALID',
    `\`include\` is empty: a suite of the framework \`${name}\` needs it to find its test files.`,
  );
}

async function explain(
  unmatched: readonly string[],
  listed: ReadonlySet<string>,
  { cwd, spec }: SuiteFolder,
): Promise<RunnerError> {
  const problems = await Promise.all(
    unmatched.map(async (entry) => {
      const path = literal(entry, cwd);
      if (listed.has(path)) return { entry, reason: 'is left out by include or exclude' };
      if (await exists(resolve(cwd, path)))
        return { entry, reason: `exists, but holds no test file of this suite (${spec.name})` };
      if (/[*?{}[\]()!]/.test(entry)) return { entry, reason: 'matches no test file' };
      return { entry, reason: 'does not exist', isMissing: true };
    }),
  );
  const code = problems.some(({ isMissing }) => isMissing) ? 'FILE_MISSING' : 'NO_MATCH';
  return new RunnerError(code, `${problems.map(({ entry, reason }) => `${JSON.stringify(entry)} ${reason}`).join('; ')}.`);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
