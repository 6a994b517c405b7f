import { stat } from 'node:fs/promises';
import path from 'node:path';
import { escapePath, glob, isDynamicPattern } from 'tinyglobby';
import type { SuiteSettings } from '../config/settings.js';
import { factsOf } from '../core/model/frameworks.js';
import { selectFiles } from '../frameworks/select.js';

/** What an entry of the command line means for a suite. */
export type Located =
  /** `entry` is relative to the suite's folder, ready for its selection. */
  | { readonly kind: 'found'; readonly entry: string }
  /** Exists on disk, but is left out by include or exclude. */
  | { readonly kind: 'leftOut' }
  | { readonly kind: 'missing' };

export type Place = {
  readonly suite: SuiteSettings;
  /** Absolute folder of the suite. */
  readonly folder: string;
  /** Absolute working directory of the command. */
  readonly start: string;
};

/**
 * Looks for an entry as a path, relative to the start folder or else to the suite's; then, if `globs` are allowed, as a glob.
 * Paths come first, so that `[id].test.ts` can be named. Only checks the disk: the framework decides later what is a test.
 */
export async function locateEntry(entry: string, place: Place, { globs }: { readonly globs: boolean }): Promise<Located> {
  let isOnDisk = false;
  for (const from of [place.start, place.folder]) {
    const file = relativeInside(place.folder, path.resolve(from, entry));
    const info = file === null ? null : await stat(path.join(place.folder, file)).catch(() => null);
    if (file === null || info === null) continue;
    const found = info.isDirectory()
      ? [file, ...(await match(`${file === '.' ? '' : `${escapePath(file)}/`}**`, place))]
      : [file];
    if (belongs(found, place)) return { kind: 'found', entry: file };
    isOnDisk = true;
  }
  for (const pattern of globs && isDynamicPattern(entry) ? patternsOf(entry, place) : []) {
    const found = await match(pattern, place);
    if (belongs(found, place)) return { kind: 'found', entry: pattern };
    isOnDisk ||= found.length > 0;
  }
  return { kind: isOnDisk ? 'leftOut' : 'missing' };
}

/** The files that a pattern matches, or the folders if the framework's unit is a package. */
async function match(pattern: string, { suite, folder }: Place): Promise<readonly string[]> {
  const kind = factsOf(suite.framework.name).unit.kind === 'package' ? { onlyDirectories: true } : { onlyFiles: true };
  const ignore = ['**/node_modules/**', '**/.holdfast/**', '**/.git/**'];
  const found = await glob(pattern, { cwd: folder, ignore, dot: true, expandDirectories: false, ...kind });
  return found.map((name) => name.replace(/\/$/, ''));
}

function belongs(found: readonly string[], { suite, folder }: Place): boolean {
  return selectFiles(found, { ...suite.selection, only: [], files: undefined }, folder).files.length > 0;
}

/** A glob relative to the start folder and relative to the suite's, both expressed from the suite's folder. */
function patternsOf(entry: string, { folder, start }: Place): readonly string[] {
  const down = relativeInside(folder, start);
  if (down !== null && down !== '.') return [`${escapePath(down)}/${entry}`, entry];
  const up = relativeInside(start, folder);
  return up !== null && entry.startsWith(`${up}/`) ? [entry.slice(up.length + 1), entry] : [entry];
}

/** The path of a file relative to a folder, with `/` as separator; `.` for the folder itself, null if the file is outside. */
function relativeInside(folder: string, file: string): string | null {
  const relative = path.relative(folder, file);
  if (relative === '') return '.';
  const isOutside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return isOutside ? null : relative.split(path.sep).join('/');
}
