import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RunnerError } from '../core/errors.js';

/** A package of the user's project. Paths are absolute. */
export type InstalledPackage = {
  readonly folder: string;
  readonly version: string;
  /** The script behind its command; null when it has none of that name. */
  readonly bin: string | null;
};

const manifest = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/**
 * Finds a package as the user's project would: in the `node_modules` of its folder or of one above.
 * `command` is that of the package where it has another name than the package. Nothing is remembered between calls, so a package installed meanwhile is found. Returns null when there is none.
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

/** Why a framework cannot run in this folder, as a sentence; null when its command is there. */
export async function missingPackage(cwd: string, name: string, command?: string): Promise<string | null> {
  return (await findPackage(cwd, name, command))?.bin ? null : notInstalled(cwd, name);
}

/** The version of a package; null when there is none. */
export async function versionOfPackage(cwd: string, name: string): Promise<string | null> {
  return (await findPackage(cwd, name))?.version ?? null;
}

/** The folder of a package and the script behind its command. Throws RunnerError FRAMEWORK_MISSING. */
export async function needPackage(cwd: string, name: string, command?: string) {
  const { folder, bin } = (await findPackage(cwd, name, command)) ?? {};
  if (!folder || !bin) throw new RunnerError('FRAMEWORK_MISSING', notInstalled(cwd, name));
  return { folder, bin };
}

/** The script behind a package's command. Throws RunnerError FRAMEWORK_MISSING. */
export async function binOf(cwd: string, name: string, command?: string): Promise<string> {
  return (await needPackage(cwd, name, command)).bin;
}

const notInstalled = (cwd: string, name: string) => `The package ${name} is not installed in ${cwd} or a folder above.`;
