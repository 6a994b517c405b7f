import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COVERAGE_IS_OFF } from '../config-text.js';
import type { SuiteFolder } from '../framework.js';
import { wordsOfRecipes } from '../recipes.js';

const CONFIG_FILES = ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml', 'pyproject.toml', 'tox.ini', 'setup.cfg'];
/** The option with all lines of its value: up to the next option, the next table or the end. */
const ADDOPTS = /^\s*addopts\s*=(?:.*(?:\n(?!\s*\w[\w-]*\s*=|\[\w).*)*)/gm;
const MEASURES_COVERAGE = /(?:^|[\s"'=[,])--cov(?=$|[\s"'=,\]])/;

const CALL = /(?:python3? -m )?(?:pytest|py\.test)/;

/** What a run does otherwise than `pytest`, by the suite's arguments, `addopts` in its folder, and the project's recipes. */
export async function pytestRemarks(folder: SuiteFolder): Promise<readonly string[]> {
  const { cwd, spec } = folder;
  const texts = await Promise.all(CONFIG_FILES.map((name) => readFile(join(cwd, name), 'utf8').catch(() => '')));
  const options = [...spec.args, ...texts.flatMap((text) => text.match(ADDOPTS) ?? [])];
  const coverage = options.some((text) => MEASURES_COVERAGE.test(text)) ? [COVERAGE_IS_OFF] : [];
  return [...coverage, ...(await wordsOfRecipes(folder, CALL))];
}
