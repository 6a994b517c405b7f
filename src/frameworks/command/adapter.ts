import { mkdir, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RunnerError } from '../../core/errors.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type { Evidence, Framework, Invocation, Reading, SessionInvocation, SessionOrder, SuiteFolder } from '../framework.js';
import { listByGlobs } from '../globs.js';
import { goTestOutput } from '../go-test-json.js';
import { nodeSession } from '../pool/node-session.js';
import { findProgram } from '../program.js';
import { listByCommand } from './list.js';
import { readCommand } from './report.js';
import { wordsFor } from './select.js';

const FILE = '{file}';

/** For the session program: the words of the program that runs file after file. */
export type ServeSettings = { readonly serve: readonly string[] };

/** Any command that tells by its exit code what became of one file, and case by case in a report where it writes one. */
export const command: Framework = {
  name: 'command',

  /** Never guessed: only a configuration knows the command. */
  detect: () => false,

  async missing(folder: SuiteFolder): Promise<string | null> {
    const [program] = folder.spec.command ?? [];
    if (program === undefined) return 'The suite names no `command` to run its files with.';
    if (program.includes(FILE) || (await findProgram(folder, program)) !== null) return null;
    return `The program ${program} is neither in ${folder.cwd} nor on the PATH of the tests.`;
  },

  /** A command has no way to ask that all share. */
  version: () => Promise.resolve(null),

  list(folder: SuiteFolder): Promise<readonly string[]> {
    const [program, ...words] = folder.spec.list ?? [];
    return program === undefined ? listByGlobs(folder, ['**/*']) : listByCommand(folder, [program, ...words]);
  },

  async invoke(folder: SuiteFolder, file: string, _scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const { spec } = folder;
    const [program, ...words] = spec.command ?? [];
    if (program === undefined) throw new RunnerError('FRAMEWORK_MISSING', (await command.missing(folder)) ?? '');
    const named = [program, ...words].some((word) => word.includes(FILE));
    const put = putFile(file);
    const chosen = selection && spec.select ? wordsFor(spec.select, selection) : [];
    const rest = [...words.map(put), ...(named ? [] : [put(FILE)]), ...chosen, ...spec.args];
    // A shell reports a test file that cannot be executed as its failure; started directly it would look like a broken machine.
    const argv = program.includes(FILE)
      ? (['sh', '-c', 'exec "$0" "$@"', executable(put(program)), ...rest] as const)
      : ([program, ...rest] as const);
    const path = await placeForReport(folder, file);
    if (path === null) return { argv, report: { kind: spec.report === undefined ? 'none' : 'stdout' } };
    return { argv, report: { kind: 'file', path } };
  },

  warm: {
    isIsolated: false,
    isFor: ({ spec }, selection) => spec.serve !== undefined && selection === undefined, // It is told of files alone.
    believed: 'green',
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

/** Where the command will leave its report; null where it leaves no file. */
async function placeForReport({ cwd, spec }: SuiteFolder, file: string): Promise<string | null> {
  if (spec.report?.path === undefined) return null;
  const path = resolve(
    cwd,
    spec.report.path.replaceAll(FILE, () => file),
  );
  await rm(path, { force: true }); // One of an earlier attempt would speak for this one.
  await mkdir(dirname(path), { recursive: true });
  return path;
}

/** A path that no program takes for an option. */
const putFile = (file: string) => (word: string) => word.replaceAll(FILE, () => (file.startsWith('-') ? `./${file}` : file));

/** A name without a folder would be looked for on the PATH. */
const executable = (path: string) => (path.includes('/') ? path : `./${path}`);
