import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { listsItself } from '../core/model/frameworks.js';
import { listTestFiles } from '../frameworks/list-test-files.js';
import { readFilesFrom } from './files-from.js';
import { type Located, locateEntry, type Place } from './locate-entry.js';

type World = { readonly cwd: string; readonly stdin: AsyncIterable<Uint8Array | string> };

/**
 * Checks before anything starts that the requested files exist. Returns the settings with only the suites that have some of them,
 * each with its selection relative to its own folder. Suites whose code is not on this machine are kept unchecked. Throws
 * FILE_MISSING for a path or list that does not exist, NO_MATCH for a pattern, list or suite without files (unless the suites
 * pass with no tests), and CONFIG_INVALID for a suite whose folder does not exist.
 */
export async function checkSelection(settings: Settings, { cwd, stdin }: World): Promise<Settings> {
  const files = settings.filesFrom === null ? null : await readFilesFrom(settings.filesFrom, { cwd, stdin });
  const remote = settings.suites.filter(({ source }) => source.kind === 'git');
  const local = settings.suites.filter(({ source }) => source.kind === 'checkout');
  const places = await Promise.all(local.map((suite) => placeOf(suite, settings.projectRoot, cwd)));
  const mayBeEmpty = settings.suites.every(({ passWithNoTests }) => passWithNoTests);
  const only = settings.suites[0]?.selection.only ?? []; // From the command line, so the same for all suites.
  if (files?.length === 0 && !mayBeEmpty) throw new RunnerError('NO_MATCH', `The list of files ${settings.filesFrom} is empty.`);

  const mayBeRemote = remote.length > 0; // Entries not found here may exist in a remote suite.
  const check = (entries: readonly string[], globs: boolean) => assign(entries, places, { globs, mayBeRemote, mayBeEmpty });
  const onlyOf = await check(only, true);
  const filesOf = files === null ? null : await check(files, false);
  const chosen = places.map(({ suite }) => choose(suite, onlyOf(suite), filesOf?.(suite) ?? null));
  const taken = chosen.filter((suite) => suite.selection.files?.length !== 0);
  await Promise.all(taken.map((suite) => checkIncluded(suite, settings.projectRoot)));
  const withList = files === null ? remote : remote.map((suite) => ({ ...suite, selection: { ...suite.selection, files } }));
  const kept = [...taken, ...withList];
  return { ...settings, suites: kept.length > 0 ? kept : chosen };
}

/** Sets a suite's selection. `files: []` marks a suite without any requested file: an empty `only` would mean the whole suite. */
function choose(suite: SuiteSettings, only: readonly string[], files: readonly string[] | null): SuiteSettings {
  const hasNone = suite.selection.only.length > 0 && only.length === 0;
  const list = hasNone ? [] : files;
  return { ...suite, selection: { ...suite.selection, only, ...(list !== null && { files: list }) } };
}

async function placeOf(suite: SuiteSettings, projectRoot: string, start: string): Promise<Place> {
  const folder = path.resolve(projectRoot, suite.framework.cwd);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() ?? false;
  if (!isFolder) throw new RunnerError('CONFIG_INVALID', `suites.${suite.name}.cwd must be a folder, and ${folder} is not one.`);
  return { suite, folder, start };
}

type Rules = { readonly globs: boolean; readonly mayBeRemote: boolean; readonly mayBeEmpty: boolean };

/** Assigns each entry to the suites it belongs to. Throws FILE_MISSING or NO_MATCH for entries that belong to none. */
async function assign(
  entries: readonly string[],
  places: readonly Place[],
  { globs, mayBeRemote, mayBeEmpty }: Rules,
): Promise<(suite: SuiteSettings) => readonly string[]> {
  const rows = await Promise.all(
    entries.map(async (entry) => ({
      entry,
      located: await Promise.all(places.map((place) => locateEntry(entry, place, { globs }))),
    })),
  );
  const unmatched = rows.filter(({ located }) => located.every(({ kind }) => kind !== 'found'));
  if (unmatched.length > 0 && !mayBeRemote) refuse(unmatched, places, globs, mayBeEmpty);
  return (suite) => {
    const index = places.findIndex((place) => place.suite === suite);
    return rows.flatMap(({ located }) => {
      const here = located[index];
      return here?.kind === 'found' ? [here.entry] : [];
    });
  };
}

const SHOWN = 5;

function refuse(
  unmatched: readonly { readonly entry: string; readonly located: readonly Located[] }[],
  places: readonly Place[],
  globs: boolean,
  mayBeEmpty: boolean,
): void {
  const folders = [...new Set(places.map(({ folder }) => folder))].join(' or ');
  const refusals = unmatched.map(({ entry, located }) => {
    const name = JSON.stringify(entry);
    if (located.some(({ kind }) => kind === 'leftOut'))
      return { isMissing: false, says: `${name} is left out by include or exclude.` };
    if (globs && isDynamicPattern(entry)) return { isMissing: false, says: `${name} matches no file in ${folders}.` };
    return { isMissing: true, says: `There is no file ${name} in ${folders}.` };
  });
  const missing = refusals.filter(({ isMissing }) => isMissing);
  if (missing.length === 0 && mayBeEmpty) return;
  const shown = missing.length > 0 ? missing : refusals;
  const more = shown.length > SHOWN ? [`And ${shown.length - SHOWN} more.`] : [];
  const sentences = [...shown.slice(0, SHOWN).map(({ says }) => says), ...more];
  throw new RunnerError(missing.length > 0 ? 'FILE_MISSING' : 'NO_MATCH', sentences.join('\n'));
}

/** Throws NO_MATCH for a suite without files if its files are listed by globs; other suites are listed later, by their framework. */
async function checkIncluded(suite: SuiteSettings, projectRoot: string): Promise<void> {
  const { framework, selection, passWithNoTests } = suite;
  if (listsItself(framework) || passWithNoTests) return;
  const cwd = path.resolve(projectRoot, framework.cwd);
  const files = await listTestFiles({ cwd, spec: framework, env: {} }, selection);
  if (files.length > 0) return;
  const globs = selection.include.map((glob) => JSON.stringify(glob)).join(', ');
  throw new RunnerError('NO_MATCH', `Suite ${suite.name}: no file in ${cwd} matches ${globs} without being excluded.`);
}
