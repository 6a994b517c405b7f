import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from './object-store.js';

/**
 * Stores objects as files in a folder, created on the first write; several machines may share it.
 * All throw a RangeError for a key that could escape the folder.
 */
export function openFolder(root: string): ObjectStore {
  const pathOf = (key: string) => join(root, ...checkedSegments(key));
  return {
    async put(key, content) {
      const path = pathOf(key);
      const folder = dirname(path);
      await mkdir(folder, { recursive: true });
      const unfinished = join(folder, `.${randomUUID()}`);
      try {
        await writeFile(unfinished, content, { flush: true }); // Otherwise a power cut could leave an empty file under the final name.
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (error instanceof Error && 'code' in error && NO_FILE.has(String(error.code))) return null;
        throw error;
      }
    },
    removeBelow: (key) => rm(pathOf(key), { recursive: true, force: true }),
    removeOlder: (key, beforeMs) => removeOlder(pathOf(key), beforeMs),
  };
}

/** Removes files that were last written before this time, and folders that are as old and then empty. */
async function removeOlder(folder: string, beforeMs: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    const isOlder = ((await stat(path).catch(() => null))?.mtimeMs ?? beforeMs) < beforeMs;
    if (entry.isDirectory()) {
      await removeOlder(path, beforeMs);
      if (isOlder) await rmdir(path).catch(() => undefined); // There is something newer in it.
    } else if (isOlder) {
      await rm(path, { force: true });
    }
  }
}

/** No such file; a file in place of a folder; a folder in place of a file. */
const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** Names with a leading dot are reserved for files being written; this also excludes `.` and `..`. */
function checkedSegments(key: string): string[] {
  const segments = key.split('/');
  const isSafe = segments.every((segment) => segment !== '' && !segment.startsWith('.') && !/[\\:\0]/.test(segment));
  if (!isSafe) throw new RangeError(`Not an object key: ${JSON.stringify(key)}`);
  return segments;
}
