import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { glob } from 'tinyglobby';
import { parse } from 'yaml';
import { z } from 'zod';

/** A package of the project. */
export type Package = {
  /** Folder of its package.json, relative to the project; '.' for the project itself. */
  readonly folder: string;
  readonly name: string | null;
  readonly scripts: Readonly<Record<string, string>>;
};

/** The packages of a project, read when they are asked for. */
export type Packages = {
  /** The package in a folder relative to the project; null if there is none, or none that can be read. */
  in(folder: string): Promise<Package | null>;
  /** The workspaces of the project, sorted by folder: those of npm, yarn, bun (`workspaces`), pnpm and lerna. The project itself is none. */
  workspaces(): Promise<readonly Package[]>;
};

const patterns = z.array(z.string());
const manifest = z.object({
  name: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).catch({}),
  workspaces: z.union([patterns, z.object({ packages: patterns }).transform(({ packages }) => packages)]).catch([]),
});
const withPackages = z.object({ packages: patterns }).transform(({ packages }) => packages);

/** Reads package.json files below the absolute path `root`. A file that cannot be read, or is not valid, counts as missing. */
export function packagesIn(root: string): Packages {
  const textOf = (path: string) => readFile(join(root, path), 'utf8').catch(() => null);
  const manifestIn = async (folder: string) => {
    const text = await textOf(join(folder, 'package.json'));
    return text === null ? null : (manifest.safeParse(parsed(text)).data ?? null);
  };
  const packageIn = async (folder: string): Promise<Package | null> => {
    const found = await manifestIn(folder);
    return found && { folder, name: found.name ?? null, scripts: found.scripts };
  };
  return {
    in: packageIn,
    async workspaces() {
      const lists = await Promise.all([
        manifestIn('.').then((found) => found?.workspaces ?? []),
        ...['pnpm-workspace.yaml', 'lerna.json'].map(async (path) => {
          return withPackages.safeParse(parsed((await textOf(path)) ?? '')).data ?? [];
        }),
      ]);
      const folders = await foldersMatching(root, lists.flat());
      return (await Promise.all(folders.map(packageIn))).filter((found) => found !== null);
    },
  };
}

/** JSON is YAML, too. null if it is neither. */
function parsed(text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

/** Folders of the packages that match a list of workspaces, in which `!` excludes. */
async function foldersMatching(root: string, list: readonly string[]): Promise<readonly string[]> {
  const manifestsOf = (pattern: string) => posix.join(pattern, 'package.json');
  const [excluded, included] = [list.filter((one) => one.startsWith('!')), list.filter((one) => !one.startsWith('!'))];
  const found = await glob(included.map(manifestsOf), {
    cwd: root,
    expandDirectories: false,
    ignore: ['**/node_modules/**', ...excluded.map((one) => manifestsOf(one.slice(1)))],
  });
  return [...new Set(found.map((path) => posix.dirname(path)))].filter((folder) => folder !== '.').sort();
}
