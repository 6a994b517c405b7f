import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteFolder } from './framework.js';

/**
 * Whether the suite's arguments or the configuration files in its folder (`isConfig`) contain a match, or a file takes settings from
 * another file, whose text is not read. A framework is asked for its configuration only then, because that takes as long as a start.
 */
export async function maySet({ cwd, spec }: SuiteFolder, isConfig: RegExp, pattern: RegExp): Promise<boolean> {
  const names = (await readdir(cwd).catch(() => [])).filter((name) => isConfig.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(cwd, name), 'utf8').catch(() => '')));
  const fromElsewhere = /(?:from|require\(|import\(|extends|preset)\W*['"`](?!node:|vite|vitest|jest|@vitejs|typescript)/;
  return (
    spec.args.some((word) => pattern.test(word) || /^(?:-c|--config|--root|--projects?)(?:=|$)/.test(word)) ||
    texts.some((text) => pattern.test(text) || fromElsewhere.test(text))
  );
}

/** Said by every framework with a setup for a whole run. */
export const SETUP_REPEATS =
  'its global setup and teardown run for each file in a process of its own and for each session, at the same time in several slots.';
/** Said where coverage keeps files from sharing a process. */
export const COVERAGE_ALONE = 'each file has a process of its own, because coverage is measured.';
