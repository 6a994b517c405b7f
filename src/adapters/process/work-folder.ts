import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DEFAULTS } from '../../core/defaults.js';
import { killMarked } from './marked.js';
import { identityOf, isAlive } from './process-table.js';

const Owner = z.object({
  process: z.string(),
  cookie: z.string(),
});
type Owner = Readonly<z.infer<typeof Owner>>;

/**
 * Creates and returns a folder for this worker's scratch files in a folder that workers share. First cleans up after dead workers: removes
 * their folders and kills every process with their cookie. Never touches anything of a live worker.
 */
export async function claimWorkFolder(parent: string, cookie: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  const names = await readdir(parent);
  await Promise.all(names.map((name) => cleanUp(path.join(parent, name))));
  const folder = path.join(parent, `${process.pid}-${cookie.slice(0, 8)}`);
  await mkdir(folder, { recursive: true });
  const owner: Owner = { process: await identityOf(process.pid), cookie };
  await writeFile(ownerFile(folder), JSON.stringify(owner), { mode: 0o600 });
  return folder;
}

async function cleanUp(folder: string): Promise<void> {
  const owner = await readOwner(folder);
  if (owner === null) {
    const info = await stat(folder).catch(() => null);
    if (info === null || Date.now() - info.mtimeMs < DEFAULTS.ownerlessMs) return; // Its worker may be about to write the owner file.
  } else {
    if (await isAlive(owner.process)) return;
    await killMarked(owner.cookie);
  }
  await rm(folder, { recursive: true, force: true });
}

async function readOwner(folder: string): Promise<Owner | null> {
  try {
    return Owner.parse(JSON.parse(await readFile(ownerFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

const ownerFile = (folder: string) => path.join(folder, 'owner.json');
