import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RunnerError } from '../core/errors.js';

/** Possible names of the configuration file. */
export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((extension) => `holdfast.config.${extension}`);

/**
 * Finds the configuration in a folder or the nearest one above, up to the repository root. Outside a repository it looks only in the folder
 * itself, as files further up may belong to anyone. Returns an absolute path; null if there is none.
 * Throws CONFIG_INVALID if one folder has two, CONFIG_UNREADABLE for a package.json that is not JSON.
 */
export async function findConfig(start: string): Promise<string | null> {
  for (const folder of await foldersUpToRepository(start)) {
    const names = new Set(await readdir(folder).catch(() => []));
    const found = CONFIG_FILES.filter((name) => names.has(name));
    if (names.has('package.json') && (await holdsConfig(path.join(folder, 'package.json')))) found.push('package.json');
    if (found.length > 1)
      throw new RunnerError('CONFIG_INVALID', `${folder} has more than one configuration: ${found.join(', ')}.`);
    if (found[0] !== undefined) return path.join(folder, found[0]);
  }
  return null;
}

/** The folders from `start` up to the root of its repository; outside a repository only `start`. */
async function foldersUpToRepository(start: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (await stat(path.join(folder, '.git')).catch(() => null)) return folders; // May be a file: in a linked worktree.
    if (folder === path.dirname(folder)) return folders.slice(0, 1);
  }
}

async function holdsConfig(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  if (!text.includes('"holdfast"')) return false; // Most have no such key; their syntax is not our concern.
  return (await readPackageKey(file)) !== undefined;
}

/** Reads the `holdfast` key of a package.json; undefined if it has none. Throws CONFIG_UNREADABLE. */
export async function readPackageKey(file: string): Promise<unknown> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof content === 'object' && content !== null && 'holdfast' in content ? content.holdfast : undefined;
  } catch (cause) {
    const reason = messageOf(cause);
    throw new RunnerError('CONFIG_UNREADABLE', `${file} cannot be read: ${reason}.`, { cause });
  }
}
