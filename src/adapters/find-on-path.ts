import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/** The absolute path of a program, from the folders of a search path; null if it is in none of them. */
export async function findOnPath(searchPath: string, name: string): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter).filter((part) => part !== '')) {
    const file = path.join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

/** Checks for a file as well: folders can have the executable bit. */
export async function isExecutable(file: string): Promise<boolean> {
  const isFile = (await stat(file).catch(() => null))?.isFile() ?? false;
  if (!isFile) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
