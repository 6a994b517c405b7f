import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Makes the folder that Holdfast keeps in a project, `.holdfast`. It carries a `.gitignore` of its own, so that git never shows it. */
export async function makeStateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}
