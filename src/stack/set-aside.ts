import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../core/errors.js';

/** What a project keeps that a command cannot do without: the database of its Temporal server, and its results. */
export const STATE_PARTS = ['server', 'results'] as const;
export type StatePart = (typeof STATE_PARTS)[number];

const FILES: Readonly<Record<StatePart, RegExp>> = { server: /^temporal\.db/, results: /^results$/ };

/** Moves parts of a project's state into a folder of this name beside it, and returns its path; null if there is nothing to move. */
export async function setAside(stateFolder: string, parts: readonly StatePart[], name: string): Promise<string | null> {
  const names = await readdir(stateFolder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const moved = names.filter((file) => parts.some((part) => FILES[part].test(file)));
  if (moved.length === 0) return null;
  const aside = path.join(stateFolder, 'aside', name);
  await mkdir(aside, { recursive: true });
  for (const file of moved) await rename(path.join(stateFolder, file), path.join(aside, file));
  return aside;
}
