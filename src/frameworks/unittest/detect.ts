import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFiles } from '../framework.js';
import { usesPytest } from '../python.js';

/** Lines of a test file that show which framework it is for. */
const OWN = /^\s*(import|from)\s+unittest\b/m;
const OF_OTHERS = /^\s*(import|from)\s+(pytest|nose2?|twisted\.trial|django)\b/m;
/** Files of a project that may name its test runner, and names of runners other than unittest. Django has its own runner. */
const RUNNER_FILES =
  /^(pyproject\.toml|setup\.(cfg|py)|tox\.ini|noxfile\.py|Makefile|Pipfile|manage\.py|[\w-]*requirements[\w-]*\.(txt|in))$/;
const OTHER_RUNNERS = /\b(pytest|py\.test|nose2?|trial|zope-testrunner|stestr)\b|django/i;
/** Maximum number of test files to read. */
const MOST_FILES = 50;

/**
 * Whether `python -m unittest` runs the tests of this project: it must find test files without options, at least one must import unittest,
 * and nothing may indicate another runner.
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
  const texts = await Promise.all([...project.names].filter((name) => RUNNER_FILES.test(name)).map(project.readText));
  return !texts.some((text) => OTHER_RUNNERS.test(text));
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

/** The files that unittest discovery would import (`test*.py` in the folder and in packages below), and any `conftest.py` among them. */
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
