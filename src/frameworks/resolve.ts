import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RunnerError } from '../core/errors.js';

/** A package installed in the user's project. Paths are absolute. */
export type InstalledPackage = {
  readonly folder: string;
  readonly version: string | null;
  /** The script of its command; null if it has no command of that name. */
  readonly bin: string | null;
};

const manifest = z.object({
  version: z.string().nullable().default(null), // A package of a workspace may have none.
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/**
 * Finds a package as the user's project would: in the nearest `node_modules` at or above its folder. Returns null if there is none.
 * `command` is the name of its command, if it differs from the package's. Nothing is cached, so newly installed packages are found.
 */
export async function findPackage(cwd: string, name: string, command = name): Promise<InstalledPackage | null> {
  for (const modules of createRequire(join(cwd, 'package.json')).resolve.paths(name) ?? []) {
    const path = join(modules, name, 'package.json');
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) continue;
    const { version, bin } = manifest.parse(JSON.parse(text));
    const script = typeof bin === 'string' ? bin : bin?.[command];
    return { folder: dirname(path), version, bin: script === undefined ? null : join(dirname(path), script) };
  }
  return null;
}

/** Returns a sentence saying that the package is missing, or null if its command is installed. */
export async function missingPackage(cwd: string, name: string, command?: string): Promise<string | null> {
  return (await findPackage(cwd, name, command))?.bin ? null : notInstalled(cwd, name);
}

/** The installed version of a package; null if there is none. */
export async function versionOfPackage(cwd: string, name: string): Promise<string | null> {
  return (await findPackage(cwd, name))?.version ?? null;
}

/** A package with the script of its command. Throws RunnerError FRAMEWORK_MISSING. */
export async function needPackage(cwd: string, name: string, command?: string) {
  const { folder, version = null, bin } = (await findPackage(cwd, name, command)) ?? {};
  if (!folder || !bin) throw new RunnerError('FRAMEWORK_MISSING', notInstalled(cwd, name));
  return { folder, version, bin };
}

/** The script of a package's command. Throws RunnerError FRAMEWORK_MISSING. */
export async function binOf(cwd: string, name: string, command?: string): Promise<string> {
  return (await needPackage(cwd, name, command)).bin;
}

/** The sentence for a package that is missing. */
export const notInstalled = (cwd: string, name: string) => `The package ${name} is not installed in ${cwd} or a folder above.`;
