import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { execa } from 'execa';
import { DEFAULTS } from '../core/defaults.js';
import type { SuiteFolder } from './framework.js';

/** Resolves a program as a shell in the suite's folder would: by path, or on the PATH of the tests. Returns its absolute path, or null. */
export async function findProgram({ cwd, env }: SuiteFolder, name: string): Promise<string | null> {
  const places = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter);
  for (const place of places) {
    const path = isAbsolute(name) ? name : resolve(cwd, join(place, name));
    if (await isProgram(path)) return path;
  }
  return null;
}

/** Runs a program and returns its version, the first group of the pattern; null if the output does not match. */
export async function askVersion(
  { cwd, env }: SuiteFolder,
  [program, ...words]: readonly [string, ...string[]],
  pattern: RegExp,
): Promise<string | null> {
  const timeout = DEFAULTS.firstAnswerMs;
  const { all } = await execa(program, words, { cwd, env, extendEnv: false, stdin: 'ignore', all: true, reject: false, timeout });
  return pattern.exec(all)?.[1] ?? null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile(); // Folders have the executable bit, too.
  } catch {
    return false;
  }
}
