import { statfs } from 'node:fs/promises';
import { DEFAULTS } from '../../core/defaults.js';

const MIB = 1_024 * 1_024;

/** Why the disk of this folder counts as full, as a sentence; null if there is room or that is unknown. */
export async function fullDiskReason(folder: string): Promise<string | null> {
  const space = await statfs(folder).catch(() => null);
  if (space === null) return null;
  const { bavail, bsize, ffree, files } = space;
  const freeBytes = bavail * bsize;
  if (freeBytes < DEFAULTS.leastFreeBytes) return `The disk of ${folder} is full: ${Math.floor(freeBytes / MIB)} MiB are left.`;
  // `files` is 0 on file systems without an inode limit.
  if (files > 0 && ffree === 0) return `The disk of ${folder} is full: no file can be added.`;
  return null;
}
