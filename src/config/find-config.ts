import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RunnerError } from '../core/errors.js';

/** Names a configuration file may have. */
export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((extension) => `holdfast.config.${extension}`);

/**
 * The configuration of the folder, or of the nearest one above up to the root of the repository; outside a repository of this folder only,
 * since files further up may be anyone's. Absolute; null when there is none.
 * Throws CONFIG_INVALID where one folder holds two, CONFIG_UNREADABLE for a package.json that is no JSON.
 */
export async function findConfig(start: string): Promise<string | null> {
  for (const folder of await foldersUpToRepository(start)) {
    const names = new Set(await readdir(folder).catch(() => []));
    const found = CONFIG_FILES.filter((name) => names.has(name));
    if (names.has('package.json') && (await holdsConfig(path.join(folder, 'package.json')))) found.push('package.json');
    if (found.length > 1)
      throw new RunnerError('CONFIG_INVALID', `${folder} holds more than one configuration: ${found.join(', ')}.`);
    if (found[0] !== undefined) return path.join(folder, found[0]);
  }
  return null;
}

/** From the folder to the root of its repository; only itself outside of one. */
async function foldersUpToRepository(start: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (await stat(path.join(folder, '.git')).catch(() => null)) return folders; // A file in a linked work tree.
    if (folder === path.dirname(folder)) return folders.slice(0, 1);
  }
}

async function holdsConfig(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  if (!text.includes('"holdfast"')) return false; // Most do not: whether they are well-formed is not for us to say.
  return (await readPackageKey(file)) !== undefined;
}

/** What package.json says under `holdfast`; undefined when nothing. Throws CONFIG_UNREADABLE. */
export async function readPackageKey(file: string): Promise<unknown> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof content === 'object' && content !== null && 'holdfast' in content ? content.holdfast : undefined;
  } catch (cause) {
    const reason = messageOf(cause);
    throw new RunnerError('CONFIG_UNREADABLE', `${file} cannot be read: ${reason}.`, { cause });
  }
}
