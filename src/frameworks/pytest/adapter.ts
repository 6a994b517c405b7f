import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, posix, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type { Evidence, Framework, Invocation, Reading, SessionInvocation, SessionOrder, SuiteFolder } from '../framework.js';
import { leaveSelection } from '../leave-selection.js';
import { listingFailed, runListing } from '../listing.js';
import { askVersion } from '../program.js';
import { findPython, noPython, pythonOf, usesPytest } from '../python.js';
import { readPytest } from './report.js';

/** The folder of Holdfast's plugins. */
const PLUGINS = packageFile('src/frameworks/pytest/plugins');
/** In an argument, pytest takes these for the start of a parameter or of a test's name. */
const UNARGUABLE = /\[|::/;

const listing = z.object({ files: z.array(z.string()), broken: z.array(z.string()), cut: z.string().nullable() });

/** pytest, with the interpreter of the project's virtual environment if there is one. */
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
      const cwd = await realpath(folder.cwd);
      const unloaded: string[] = [];
      for (;;) {
        const found = await collect(folder, join(scratch, `files-${unloaded.length}.json`), unloaded);
        if (found.kind === 'listed') return found.files.map((file) => relative(cwd, file)).sort();
        unloaded.push(found.file);
      }
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
      const together = selection || UNARGUABLE.test(file) ? 0 : files.findIndex((path) => UNARGUABLE.test(path));
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

type Collection =
  | { readonly kind: 'listed'; readonly files: readonly string[] }
  /** This file ended the process as it was loaded, as `os._exit()` does. */
  | { readonly kind: 'ended'; readonly file: string };

/** Collects once, without loading some files. Throws LISTING_FAILED if the collection is not complete. */
async function collect(folder: SuiteFolder, path: string, unloaded: readonly string[]): Promise<Collection> {
  const argv = [await pythonOf(folder), '-m', 'pytest', ...folder.spec.args, ...PLUGIN, '--collect-only', '--color=no'] as const;
  const variables = { HOLDFAST_PYTEST_LISTING: path, HOLDFAST_PYTEST_UNLOADED: JSON.stringify(unloaded) };
  const { stdout, stderr } = await runListing({ ...folder, env: { ...folder.env, ...withPlugin(folder), ...variables } }, argv);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) {
    const file = await readFile(`${path}.at`, 'utf8').catch(() => null);
    if (file === null || unloaded.length >= DEFAULTS.mostUnloadedFiles) throw listingFailed(argv, stderr || stdout);
    return { kind: 'ended', file };
  }
  const { files, broken, cut } = listing.parse(JSON.parse(text));
  // The contents of a broken folder are unknown, and leaving them out would hide tests; so would a list that is cut.
  if (broken.length > 0 || cut !== null) throw listingFailed(argv, stdout || stderr || (cut ?? ''));
  return { kind: 'listed', files };
}

const PLUGIN = ['-p', 'holdfast_pytest'] as const;
/** The report contains the output of red cases only: nobody reads that of tens of thousands of green ones. */
const REPORT = ['-o', 'junit_logging=out-err', '-o', 'junit_log_passing_tests=false', '--color=no'] as const;

/** The arguments of pytest, the environment variables of the plugin, and the path of the report. */
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

/** Appends the plugins to the project's own PYTHONPATH, so that they shadow nothing. */
function withPlugin({ env }: SuiteFolder): Readonly<Record<string, string>> {
  return { PYTHONPATH: env.PYTHONPATH ? `${env.PYTHONPATH}${delimiter}${PLUGINS}` : PLUGINS };
}

/** The nearest folder above a file that pytest accepts as an argument. */
function arguableFolder(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' || !UNARGUABLE.test(folder) ? `./${folder}` : arguableFolder(folder);
}
