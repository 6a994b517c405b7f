import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { SuiteFolder } from './framework.js';

/** Finds a program as a shell in the suite's folder would: by its path, or on the PATH of the tests. Returns its absolute path, or null. */
export async function findProgram({ cwd, env }: SuiteFolder, name: string): Promise<string | null> {
  const places = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter);
  for (const place of places) {
    const path = isAbsolute(name) ? name : resolve(cwd, join(place, name));
    if (await isProgram(path)) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile(); // A folder can be entered, which counts as executable.
  } catch {
    return false;
  }
}
