import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from '../../core/model/environment.js';

/** The version of the Temporal CLI that Holdfast downloads: the one its server profile was tested with. */
export const CLI_VERSION = '1.9.1';

/** The user's cached CLI binary, shared by all projects. It is complete or absent, even when two processes download it at once. */
export function binaryCache(env: Environment) {
  const root = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), '.cache');
  const folder = path.join(root, 'holdfast', `temporal-cli-${CLI_VERSION}`);
  const binary = path.join(folder, 'temporal');
  return {
    folder,
    async find(): Promise<string | null> {
      return (await stat(binary).catch(() => null)) ? binary : null;
    },
    /**
     * Moves a new binary into the cache and returns its path. `download` gets a temporary folder and returns the path of the
     * binary in it.
     */
    async fill(download: (folder: string) => Promise<string>): Promise<string> {
      await mkdir(folder, { recursive: true });
      const partial = await mkdtemp(path.join(folder, 'partial-'));
      try {
        const file = await download(partial);
        await chmod(file, 0o755);
        await rename(file, binary); // A concurrent download has the same content.
        return binary;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    },
  };
}
