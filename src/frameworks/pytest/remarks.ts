import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteFolder } from '../framework.js';
import { wordsOfRecipes } from '../recipes.js';

const CONFIG_FILES = ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml', 'pyproject.toml', 'tox.ini', 'setup.cfg'];
/** The option with all lines of its value: up to the next option, the next table or the end. */
const ADDOPTS = /^\s*addopts\s*=(?:.*(?:\n(?!\s*\w[\w-]*\s*=|\[\w).*)*)/gm;
const MEASURES_COVERAGE = /(?:^|[\s"'=[,])--cov(?=$|[\s"'=,\]])/;

const CALL = /(?:python3? -m )?(?:pytest|py\.test)/;

/** What a run does otherwise than `pytest`. */
export const pytestRemarks = (folder: SuiteFolder): Promise<readonly string[]> => wordsOfRecipes(folder, CALL);

/** Whether pytest-cov measures, by the suite's arguments, `addopts` in its folder and the environment. */
export async function asksForCoverage({ cwd, spec, env }: SuiteFolder): Promise<boolean> {
  const texts = await Promise.all(CONFIG_FILES.map((name) => readFile(join(cwd, name), 'utf8').catch(() => '')));
  const options = [...spec.args, env.PYTEST_ADDOPTS ?? '', ...texts.flatMap((text) => text.match(ADDOPTS) ?? [])];
  return options.some((text) => MEASURES_COVERAGE.test(text)) && !options.some((text) => /--no-cov\b(?!-)/.test(text));
}
