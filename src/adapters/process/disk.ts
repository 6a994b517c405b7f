import { statfs } from 'node:fs/promises';
import { DEFAULTS } from '../../core/defaults.js';

const MIB = 1_024 * 1_024;

/** Why nothing can be written below this folder; null when there is room, or where nobody can tell. */
export async function whyFull(folder: string): Promise<string | null> {
  const space = await statfs(folder).catch(() => null);
  if (space === null) return null;
  const { bavail, bsize, ffree, files } = space;
  const freeBytes = bavail * bsize;
  if (freeBytes < DEFAULTS.leastFreeBytes) return `The disk of ${folder} is full: ${Math.floor(freeBytes / MIB)} MiB are left.`;
  if (files > 0 && ffree === 0) return `The disk of ${folder} is full: no file can be added.`; // Some file systems count none at all.
  return null;
}
