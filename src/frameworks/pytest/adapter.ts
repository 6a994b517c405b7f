import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, posix, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type { Evidence, Framework, Invocation, Reading, SessionInvocation, SessionOrder, SuiteFolder } from '../framework.js';
import { leaveSelection } from '../leave-selection.js';
import { listingFailed, runListing } from '../listing.js';
import { askVersion } from '../program.js';
import { findPython, noPython, pythonOf, usesPytest } from '../python.js';
import { readPytest } from './report.js';

/** Holds our plugin, `holdfast_pytest`. */
const PLUGINS = packageFile('src/frameworks/pytest/plugins');
/** pytest takes these for the beginning of a parameter or a part of the file. */
const UNARGUABLE = /\[|::/;

const listing = z.object({ files: z.array(z.string()), broken: z.array(z.string()) });

/** pytest, by the interpreter of the project's virtual environment where there is one. */
export const pytest: Framework = {
  name: 'pytest',

  detect: usesPytest,

  async missing(folder: SuiteFolder): Promise<string | null> {
    const python = await findPython(folder);
    if (python === null) return noPython(folder);
    const probe = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pytest") is None)';
    const { exitCode } = await execa(python, ['-c', probe], {
      cwd: folder.cwd,
      env: folder.env,
      extendEnv: false,
      reject: false,
    });
    return exitCode === 0 ? null : `The package pytest is not installed for ${python}.`;
  },

  async version(folder: SuiteFolder): Promise<string | null> {
    return askVersion(folder, [await pythonOf(folder), '-m', 'pytest', '--version'], /^pytest (\S+)/);
  },

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const scratch = await mkdtemp(join(tmpdir(), 'holdfast-list-'));
    try {
      const path = join(scratch, 'files.json');
      const argv = [
        await pythonOf(folder),
        '-m',
        'pytest',
        ...folder.spec.args,
        ...PLUGIN,
        '--collect-only',
        '--color=no',
      ] as const;
      const env = { ...folder.env, ...withPlugin(folder), HOLDFAST_PYTEST_LISTING: path };
      const { stdout, stderr } = await runListing({ ...folder, env }, argv);
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text === null) throw listingFailed(argv, stderr || stdout);
      const { files, broken } = listing.parse(JSON.parse(text));
      if (broken.length > 0) throw listingFailed(argv, stdout); // What is in there is not known: leaving it out would hide it.
      const cwd = await realpath(folder.cwd);
      return files.map((file) => relative(cwd, file)).sort();
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },

  async invoke(folder: SuiteFolder, file: string, scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const { args, env, path } = await callFor(folder, file, scratch, selection);
    return {
      argv: [await pythonOf(folder), '-m', 'pytest', ...args],
      ...(Object.keys(env).length > 0 && { env: { ...withPlugin(folder), ...env } }),
      report: { kind: 'file', path },
    };
  },

  warm: {
    isIsolated: true,
    believed: 'all',
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      return { argv: [await pythonOf(folder), join(PLUGINS, 'holdfast_pytest_server.py')] };
    },
    async order(folder: SuiteFolder, files, scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const [file] = files;
      const together = selection || UNARGUABLE.test(file) ? 0 : files.findIndex((one) => UNARGUABLE.test(one));
      const takes = together < 0 ? files.length : Math.max(1, together);
      if (takes > 1)
        return {
          takes,
          options: { args: [...folder.spec.args, ...REPORT, '--continue-on-collection-errors'], path: PLUGINS },
        };
      const { args, env, path } = await callFor(folder, file, await scratch(), selection);
      return { takes, options: { args, path: PLUGINS }, env, reportPath: path };
    },
  },

  read: (evidence: Evidence): Reading => readPytest(evidence),
};

const PLUGIN = ['-p', 'holdfast_pytest'] as const;
/** Output is in the report for red cases alone: of tens of thousands of green ones nobody reads it. */
const REPORT = ['-o', 'junit_logging=out-err', '-o', 'junit_log_passing_tests=false', '--color=no'] as const;

/** The words for pytest, what its plugin is told in the environment, and where the report will be. */
async function callFor(folder: SuiteFolder, file: string, scratch: string, selection?: CaseSelection) {
  const path = join(scratch, 'report.xml');
  const report = [`--junitxml=${path}`, ...REPORT];
  const isUnarguable = UNARGUABLE.test(file);
  const env: Readonly<Record<string, string>> = {
    ...(isUnarguable && { HOLDFAST_PYTEST_ONLY: join(await realpath(folder.cwd), file) }),
    ...(selection && { HOLDFAST_PYTEST_SELECTION: await leaveSelection(selection, scratch) }),
  };
  const plugin = Object.keys(env).length > 0 ? PLUGIN : [];
  return { args: [...folder.spec.args, ...report, ...plugin, isUnarguable ? arguableFolder(file) : `./${file}`], env, path };
}

/** Behind what the project itself has on its path, so that nothing of it is shadowed. */
function withPlugin({ env }: SuiteFolder): Readonly<Record<string, string>> {
  return { PYTHONPATH: env.PYTHONPATH ? `${env.PYTHONPATH}${delimiter}${PLUGINS}` : PLUGINS };
}

/** The nearest folder above a file that pytest takes as an argument. */
function arguableFolder(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' || !UNARGUABLE.test(folder) ? `./${folder}` : arguableFolder(folder);
}
