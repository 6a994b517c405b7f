import { realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { SuiteFolder } from '../framework.js';
import { parseEvents } from '../go-test-json.js';
import { listingFailed, runListing } from '../listing.js';
import { listingFlags, parseArguments, pickFlags } from './arguments.js';

const packages = z.array(
  z.object({
    /** Undefined if go cannot locate the package. */
    Dir: z.string().optional(),
    ImportPath: z.string(),
    Error: z.object({ Err: z.string() }).optional(),
    TestGoFiles: z.array(z.string()).default([]),
    XTestGoFiles: z.array(z.string()).default([]),
  }),
);

/**
 * Folders of the packages that `go test` says something about: those with tests, and those without that do not compile. Throws
 * RunnerError LISTING_FAILED.
 */
export async function listPackages(folder: SuiteFolder): Promise<readonly string[]> {
  const { flags, packages: named } = parseArguments(folder.spec.args);
  const patterns = named.length > 0 ? named : await everyModule(folder);
  // -e: also lists packages that do not compile; their tests then fail with the compiler's message.
  const list = ['-e', '-json=Dir,ImportPath,Error,TestGoFiles,XTestGoFiles', ...listingFlags(flags), ...patterns];
  const argv = ['go', 'list', ...list] as const;
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, stderr);
  const cwd = await realpath(folder.cwd);
  const found = packages.parse(JSON.parse(`[${stdout.replaceAll(/^\}\n\{$/gm, '},{')}]`)).map((one) => {
    if (one.Dir === undefined) throw listingFailed(argv, one.Error?.Err ?? stderr);
    return { ...one, path: relative(cwd, one.Dir) || '.', hasTests: one.TestGoFiles.length + one.XTestGoFiles.length > 0 };
  });
  const broken = await brokenOf(
    folder,
    found.flatMap(({ ImportPath, hasTests }) => (hasTests ? [] : [ImportPath])),
    flags,
  );
  return found.flatMap(({ path, ImportPath, hasTests }) => (hasTests || broken.has(ImportPath) ? [path] : [])).sort();
}

/**
 * The packages without tests for which `go test` fails, because they do not compile or `go vet` finds something. All of them if go does
 * not say it in time: each then gets its verdict from go when it runs.
 */
async function brokenOf(folder: SuiteFolder, names: readonly string[], flags: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  try {
    const own = [...listingFlags(flags), ...pickFlags(flags, /^--?vet(=|$)/)];
    const { stdout, exitCode } = await runListing(folder, ['go', 'test', '-json', ...own, ...names]);
    if (exitCode === 0) return new Set();
    const failed = parseEvents(stdout).flatMap(({ Action, Package }) => (Action === 'fail' ? (Package ?? []) : []));
    return new Set(failed.length > 0 ? failed : names);
  } catch {
    return new Set(names);
  }
}

/** `./...`, or the modules of a workspace: in its folder `./...` names only a module that is there. Throws LISTING_FAILED for modules elsewhere. */
async function everyModule(folder: SuiteFolder): Promise<readonly string[]> {
  if ((await stat(join(folder.cwd, 'go.work')).catch(() => null)) === null) return ['./...'];
  const argv = ['go', 'list', '-m', '-f', '{{.Dir}}'] as const;
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, stderr);
  const cwd = await realpath(folder.cwd);
  const modules = stdout
    .split('\n')
    .filter(Boolean)
    .map((dir) => relative(cwd, dir));
  const outside = modules.filter((dir) => dir.startsWith('..'));
  if (outside.length > 0)
    throw listingFailed(
      argv,
      `go.work has modules outside of this folder: ${outside.join(', ')}. Run the suite in a folder that has them all.`,
    );
  return modules.map((dir) => (dir === '' ? './...' : `./${dir}/...`));
}
