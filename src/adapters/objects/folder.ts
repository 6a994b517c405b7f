import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from './object-store.js';

/**
 * Objects as files below a folder, which is made when first written to. It may be shared by several machines.
 * `put` and `get` throw a RangeError for a key that could lead out of the folder.
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
        await writeFile(unfinished, content, { flush: true }); // Flushed, or a power cut could leave the new name on an empty file.
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
  };
}

/** No such file; a file where a folder was expected; a folder where a file was. */
const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** Names with a leading dot are kept for files being written; the rule covers `.` and `..` as well. */
function checkedSegments(key: string): string[] {
  const segments = key.split('/');
  const isSafe = segments.every((segment) => segment !== '' && !segment.startsWith('.') && !/[\\:\0]/.test(segment));
  if (!isSafe) throw new RangeError(`Not a key of an object: ${JSON.stringify(key)}`);
  return segments;
}
