import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from '../../core/model/environment.js';

/** The version of the Temporal CLI that Holdfast fetches: the one its server profile was tried with. */
export const CLI_VERSION = '1.9.1';

/** The binary of this user, shared by all projects. It is there whole or not at all, also when two fetch it at once. */
export function binaryCache(env: Environment) {
  const root = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), '.cache');
  const folder = path.join(root, 'holdfast', `temporal-cli-${CLI_VERSION}`);
  const binary = path.join(folder, 'temporal');
  return {
    folder,
    async find(): Promise<string | null> {
      return (await stat(binary).catch(() => null)) ? binary : null;
    },
    /** `download` leaves a binary in a folder of its own and returns its path. */
    async fill(download: (folder: string) => Promise<string>): Promise<string> {
      await mkdir(folder, { recursive: true });
      const partial = await mkdtemp(path.join(folder, 'partial-'));
      try {
        const file = await download(partial);
        await chmod(file, 0o755);
        await rename(file, binary); // Whoever is second replaces it by the same.
        return binary;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    },
  };
}
