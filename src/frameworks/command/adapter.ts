import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RunnerError } from '../../core/errors.js';
import type {
  Evidence,
  FileCall,
  Framework,
  Invocation,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { listByGlobs } from '../globs.js';
import { goTestOutput } from '../go-test-json.js';
import { nodeSession } from '../pool/node-session.js';
import { findProgram } from '../program.js';
import { listByCommand } from './list.js';
import { readCommand } from './report.js';
import { wordsFor } from './select.js';

const FILE = '{file}';
const SCRATCH = '{scratch}';

/** Settings of the session program: the command line of the suite's `serve` program. */
export type ServeSettings = { readonly serve: readonly string[] };

/** Any command that reports the result of one file by its exit code and, optionally, of its cases in a report. */
export const command: Framework = {
  name: 'command',

  /** Never detected: only the configuration knows the command. */
  detect: () => false,

  async missing(folder: SuiteFolder): Promise<string | null> {
    const [program] = folder.spec.command ?? [];
    if (program === undefined) return 'The suite names no `command` to run its files with.';
    if (program.includes(FILE) || (await findProgram(folder, program)) !== null) return null;
    return `The program ${program} is neither in ${folder.cwd} nor on the PATH of the tests.`;
  },

  /** There is no common way to ask a command for its version. */
  version: () => Promise.resolve(null),

  list(folder: SuiteFolder): Promise<readonly string[]> {
    const [program, ...words] = folder.spec.list ?? [];
    return program === undefined ? listByGlobs(folder, ['**/*']) : listByCommand(folder, [program, ...words]);
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection }: FileCall): Promise<Invocation> {
    const { spec } = folder;
    const [program, ...words] = spec.command ?? [];
    if (program === undefined) throw new RunnerError('FRAMEWORK_MISSING', (await command.missing(folder)) ?? '');
    const namesFile = [program, ...words].some((word) => word.includes(FILE));
    const place = await mkdtemp(join(scratch, 'command-'));
    const insertFile = inserter(file, place);
    const chosen = selection && spec.select ? wordsFor(spec.select, selection) : [];
    const rest = [...words.map(insertFile), ...(namesFile ? [] : [insertFile(FILE)]), ...chosen, ...spec.args];
    // Via a shell, a test file that is not executable is a failure of the file; started directly, it would look like a broken machine.
    const argv = program.includes(FILE)
      ? (['sh', '-c', 'exec "$0" "$@"', executable(insertFile(program)), ...rest] as const)
      : ([program, ...rest] as const);
    const path = await placeForReport(folder, file, place);
    if (path === null) return { argv, report: { kind: spec.report === undefined ? 'none' : 'stdout' } };
    return { argv, report: { kind: 'file', path } };
  },

  warm: {
    isIsolated: false,
    // `serve` programs receive only file paths.
    isFor: ({ spec }, selection) =>
      spec.serve !== undefined && selection === undefined && spec.report?.path?.includes(SCRATCH) !== true,
    async start({ spec: { serve = [] } }: SuiteFolder): Promise<SessionInvocation> {
      const settings: ServeSettings = { serve };
      return nodeSession('command/session.cjs', settings);
    },
    async order(folder: SuiteFolder, [file]): Promise<SessionOrder> {
      const path = await placeForReport(folder, file);
      return { takes: 1, options: {}, ...(path !== null && { reportPath: path }) };
    },
  },

  read: (evidence: Evidence): Reading => readCommand(evidence),

  humanOutput: (reportText: string, { spec }: SuiteFolder) =>
    spec.report?.kind === 'go-test-json' ? goTestOutput(reportText) : reportText,
};

/** The path of the command's report, with any earlier report removed; null if it writes no report file. */
async function placeForReport({ cwd, spec }: SuiteFolder, file: string, scratch = ''): Promise<string | null> {
  if (spec.report?.path === undefined) return null;
  const written = spec.report.path.replaceAll(FILE, () => file).replaceAll(SCRATCH, () => scratch);
  const path = resolve(cwd, written);
  await rm(path, { force: true }); // The report of an earlier attempt would be taken for this one's.
  await mkdir(dirname(path), { recursive: true });
  return path;
}

/** Inserts the file, so that no program takes it for an option, and the folder of the attempt. */
const inserter = (file: string, scratch: string) => (word: string) =>
  word.replaceAll(FILE, () => (file.startsWith('-') ? `./${file}` : file)).replaceAll(SCRATCH, () => scratch);

/** A name without a slash would be looked up on the PATH. */
const executable = (path: string) => (path.includes('/') ? path : `./${path}`);
