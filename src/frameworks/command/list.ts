import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SuiteFolder } from '../framework.js';
import { lastWords, listingFailed, runListing } from '../listing.js';

/** The files that the `list` command prints: relative to the suite's folder, sorted, unique. Throws RunnerError LISTING_FAILED. */
export async function listByCommand(folder: SuiteFolder, argv: readonly [string, ...string[]]): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, lastWords({ stdout, stderr, exitCode }));
  const cwd = await realpath(folder.cwd);
  const files = entriesOf(stdout).map((entry) => ({ entry, file: relativeTo(cwd, entry) }));
  const outside = files.find(({ file }) => file === null);
  if (outside) throw listingFailed(argv, `It lists ${JSON.stringify(outside.entry)}, which is not a path inside ${cwd}.`);
  return [...new Set(files.flatMap(({ file }) => file ?? []))].sort();
}

const paths = z.array(z.string());

/** Reads a JSON array, or else lines; a path, too, may start with a bracket. */
function entriesOf(stdout: string): readonly string[] {
  const lines = () => stdout.split(/\r?\n/).filter((line) => line !== '');
  if (!stdout.trimStart().startsWith('[')) return lines();
  try {
    return paths.safeParse(JSON.parse(stdout)).data ?? lines();
  } catch {
    return lines();
  }
}

/** null for paths outside of the folder and for the folder itself. */
function relativeTo(cwd: string, entry: string): string | null {
  const file = path.relative(cwd, path.resolve(cwd, entry)).split(path.sep).join('/');
  return file === '' || file === '..' || file.startsWith('../') ? null : file;
}
