import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFiles } from '../framework.js';
import { usesPytest } from '../python.js';

/** A line of a test file that shows whose it is. */
const OWN = /^\s*(import|from)\s+unittest\b/m;
const OF_OTHERS = /^\s*(import|from)\s+(pytest|nose2?|twisted\.trial|django)\b/m;
/** Files of a project that name the runner of its tests, and words for others than unittest. Django has a runner of its own. */
const TELLING =
  /^(pyproject\.toml|setup\.(cfg|py)|tox\.ini|noxfile\.py|Makefile|Pipfile|manage\.py|[\w-]*requirements[\w-]*\.(txt|in))$/;
const OTHER_RUNNERS = /\b(pytest|py\.test|nose2?|trial|zope-testrunner|stestr)\b|django/i;
/** Test files that are looked at. */
const MOST_FILES = 50;

/**
 * Does `python -m unittest` run the tests of this project? Only where it finds test files without any option, some of them import
 * unittest, and nothing speaks for another runner.
 */
export async function usesUnittest(project: ProjectFiles): Promise<boolean> {
  if (await usesPytest(project)) return false;
  let isUsed = false;
  for await (const path of testFiles(project.cwd, MOST_FILES)) {
    const text = await textOf(path);
    if (OF_OTHERS.test(text) || path.endsWith('conftest.py')) return false;
    isUsed ||= OWN.test(text);
  }
  if (!isUsed) return false;
  const texts = await Promise.all([...project.names].filter((name) => TELLING.test(name)).map(project.readText));
  return !texts.some((text) => OTHER_RUNNERS.test(text));
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

/** The files that unittest's discovery would import, `test*.py` in the folder and in the packages below; and a `conftest.py` beside them. */
async function* testFiles(folder: string, most: number): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && /^(test\w*|conftest)\.py$/.test(entry.name)).slice(0, most);
  for (const { name } of files) yield join(folder, name);
  let left = most - files.length;
  for (const entry of entries) {
    if (!entry.isDirectory() || left <= 0) continue;
    const below = join(folder, entry.name);
    if (!(await readdir(below).catch((): string[] => [])).includes('__init__.py')) continue;
    for await (const path of testFiles(below, left)) {
      left -= 1;
      yield path;
    }
  }
}
