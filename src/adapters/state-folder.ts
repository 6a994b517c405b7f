import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../core/errors.js';

/** Makes the folder that Holdfast keeps in a project, `.holdfast`. It carries a `.gitignore` of its own, so that git never shows it. */
export async function makeStateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
}
