import { mkdir, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RunnerError } from '../../core/errors.js';
import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Framework, Invocation, Reading, SessionInvocation, SessionOrder, SuiteFolder } from '../framework.js';
import { listByGlobs } from '../globs.js';
import { fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readJunit } from '../junit-xml.js';
import { nodeSession } from '../pool/node-session.js';
import { findProgram } from '../program.js';
import { readServed } from '../served-report.js';

const FILE = '{file}';
/** The exit code by which a test says that it cannot be run here, as automake and ctest know it. */
const SKIPPED = 77;

/** For the session program: the words of the program that runs file after file. */
export type ServeSettings = { readonly serve: readonly string[] };

/** Any command that tells by its exit code what became of one file, and case by case in a JUnit report where it writes one. */
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

  list: (folder: SuiteFolder) => listByGlobs(folder, ['**/*']),

  async invoke(folder: SuiteFolder, file: string): Promise<Invocation> {
    const { spec } = folder;
    const [program, ...words] = spec.command ?? [];
    if (program === undefined) throw new RunnerError('FRAMEWORK_MISSING', (await command.missing(folder)) ?? '');
    const named = [program, ...words].some((word) => word.includes(FILE));
    const put = putFile(file);
    const rest = [...words.map(put), ...(named ? [] : [put(FILE)]), ...spec.args];
    // A shell reports a test file that cannot be executed as its failure; started directly it would look like a broken machine.
    const argv = program.includes(FILE)
      ? (['sh', '-c', 'exec "$0" "$@"', executable(put(program)), ...rest] as const)
      : ([program, ...rest] as const);
    const path = await placeForReport(folder, file);
    return { argv, report: path === null ? { kind: 'none' } : { kind: 'file', path } };
  },

  warm: {
    isIsolated: false,
    isFor: ({ spec }) => spec.serve !== undefined,
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

  read(evidence: Evidence): Reading {
    const { exitCode, reportText, reportExpected } = evidence;
    const served = readServed(reportText);
    const cases = served?.length === 0 ? null : (served ?? readJunit(reportText));
    if (exitCode === SKIPPED) return { kind: 'passed', cases: cases?.length ? cases : [skippedFile(evidence)] };
    if (cases !== null) return judgeReport('The command', evidence, cases);
    const ended = judgeReport('The command', evidence, []);
    if (ended.kind === 'crashed') return ended;
    if (exitCode !== 0) return { kind: 'failed', cases: [fileCase(evidence, `The command exited with ${exitCode}.`)] };
    if (reportExpected && served === null) return judgeWithoutReport('The command', evidence);
    return { kind: 'passed', cases: [{ ...fileCase(evidence, ''), status: 'passed', message: null }] };
  },
};

/** Where the command will leave its report; null where it leaves none. */
async function placeForReport({ cwd, spec }: SuiteFolder, file: string): Promise<string | null> {
  if (spec.junit === undefined) return null;
  const path = resolve(
    cwd,
    spec.junit.replaceAll(FILE, () => file),
  );
  await rm(path, { force: true }); // One of an earlier attempt would speak for this one.
  await mkdir(dirname(path), { recursive: true });
  return path;
}

/** A path that no program takes for an option. */
const putFile = (file: string) => (word: string) => word.replaceAll(FILE, () => (file.startsWith('-') ? `./${file}` : file));

/** A name without a folder would be looked for on the PATH. */
const executable = (path: string) => (path.includes('/') ? path : `./${path}`);

const skippedFile = (evidence: Evidence): TestCase => ({
  ...fileCase(evidence, `The command exited with ${SKIPPED}: skipped.`),
  status: 'skipped',
});
