import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { hasCode, RunnerError } from '../core/errors.js';

/**
 * Makes the folder that Holdfast keeps in a project, `.holdfast`. Only this user may enter it: it has the key, the door of the embedded
 * stack, and the output of tests. It carries a `.gitignore` of its own, so that git never shows it. Throws STACK_FAILED if it belongs to
 * another user.
 */
export async function makeStateFolder(folder: string): Promise<void> {
  await makePrivateFolder(folder);
  await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
}

/** Makes a folder that only this user may enter. Throws STACK_FAILED if it exists and belongs to another user. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(folder);
  const us = userInfo().uid;
  if (uid !== us && us !== 0)
    throw new RunnerError('STACK_FAILED', `${folder} belongs to another user (${uid}).`, {
      remedy: 'Use a copy of the project of your own, or have that user remove the folder.',
    });
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
}
