import { RunnerError } from '../core/errors.js';
import type { TestCase } from '../core/model/cases.js';
import type { Evidence, ProjectFiles, Reading, SuiteFolder } from './framework.js';
import { judgeReport } from './judge.js';
import { findProgram } from './program.js';

/** Finds Python: the activated virtual environment, else one in the suite's folder, else the PATH; null if there is none. */
export async function findPython(folder: SuiteFolder): Promise<string | null> {
  const environments = [...(folder.env.VIRTUAL_ENV ? [folder.env.VIRTUAL_ENV] : []), '.venv', 'venv'];
  for (const name of [...environments.map((environment) => `${environment}/bin/python`), 'python3', 'python']) {
    const python = await findProgram(folder, name);
    if (python !== null) return python;
  }
  return null;
}

/** Like `findPython`, but throws RunnerError FRAMEWORK_MISSING if there is none. */
export async function pythonOf(folder: SuiteFolder): Promise<string> {
  const python = await findPython(folder);
  if (python === null) throw new RunnerError('FRAMEWORK_MISSING', noPython(folder));
  return python;
}

/** The message for a missing Python. */
export function noPython({ cwd }: SuiteFolder): string {
  return `There is no Python: no virtual environment in ${cwd}, no python3 on the PATH of the tests.`;
}

/** A line of tox.ini: pytest's own section, a dependency on it, or a command that calls it. */
const PYTEST_IN_TOX =
  /^\[pytest\]|^(?:deps|commands)\s*=\s*(?:pytest|py\.test)(?![-\w])|^\s+(?:python3? -m )?(?:pytest|py\.test)(?=$|[\s=<>~!;[])/m;

/** Whether the project's configuration mentions pytest. */
export async function usesPytest({ names, readText }: ProjectFiles): Promise<boolean> {
  return (
    ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml', 'conftest.py'].some((name) => names.has(name)) ||
    /^\s*\[tool\.pytest\b|^pytest\s*=|["']pytest(["'\s[<>=~!;]|$)/m.test(await readText('pyproject.toml')) ||
    /^\[tool:pytest\]/m.test(await readText('setup.cfg')) ||
    PYTEST_IN_TOX.test(await readText('tox.ini'))
  );
}

/** What pytest, and unittest since Python 3.12, exit with if no test has run. */
const NO_TESTS = 5;

/** `judgeReport` for a framework of Python. A process whose tests have run may leave with that code, too, and is not green then. */
export function judgePython(framework: string, evidence: Evidence, cases: readonly TestCase[]): Reading {
  const isWithoutTests = evidence.exitCode === NO_TESTS && cases.every(({ status }) => status === 'skipped');
  return judgeReport(framework, isWithoutTests ? { ...evidence, exitCode: 0 } : evidence, cases);
}
