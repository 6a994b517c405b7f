import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { COVERAGE_ALONE } from '../config-text.js';
import type { CoverageCall, CoverageSupport, GatheredCoverage, Invocation, SuiteFolder } from '../framework.js';
import { plainOutput } from '../plain-output.js';
import { binOf } from '../resolve.js';
import { withoutOptions } from '../script/split-words.js';
import { RAW_COVERAGE } from './raw-coverage.js';

/** A program that measures the coverage of Node programs, with its options. */
type Measurer = { readonly program: 'c8' | 'nyc'; readonly words: readonly string[] };

/** Where V8's coverage of a session is written, and the folder for that of each file. */
export type SessionCoverage = { readonly from: string; readonly to: string };

const VALUED = ['--temp-directory', '--temp-dir', '-t', '-r', '--reporter', '-n', '--include', '-x', '--exclude', '-o'];
const OWN = { valued: VALUED, leftOut: ['--temp-directory', '--temp-dir', '-t', '--clean', '--no-clean', '--silent', '-s'] };

/** null: coverage is not measured around the framework's command. */
function measurerOf({ spec: { coverage, coverageCommand } }: SuiteFolder): Measurer | null {
  if (coverage === 'off') return null;
  const [program, ...words] = coverageCommand ?? (coverage === 'on' ? ['c8'] : []);
  return program === 'c8' || program === 'nyc' ? { program, words: withoutOptions(words, OWN).kept } : null;
}

/** The call of a framework on Node such that its processes leave raw coverage in the attempt's folder, if it is to be measured. */
export async function measured(folder: SuiteFolder, scratch: string, invocation: Invocation): Promise<Invocation> {
  const measurer = measurerOf(folder);
  const raw = join(scratch, RAW_COVERAGE);
  switch (measurer?.program) {
    case undefined:
      return invocation;
    case 'c8':
      return { ...invocation, env: { ...invocation.env, NODE_V8_COVERAGE: raw } };
    case 'nyc': {
      const quiet = ['--silent', '--all=false', '--check-coverage=false', '--clean=false', `--temp-dir=${raw}`];
      const nyc = [process.execPath, await binOf(folder.cwd, 'nyc'), ...measurer.words, ...quiet] as const;
      return { ...invocation, argv: [...nyc, ...invocation.argv] };
    }
  }
}

/** For a session that serves files in its own process (see serve-files.cjs): its environment, and where coverage is. */
export function measuredInSession(
  folder: SuiteFolder,
  scratch: string,
): { readonly env: Readonly<Record<string, string>>; readonly coverage: SessionCoverage | null } {
  if (measurerOf(folder) === null) return { env: {}, coverage: null };
  const coverage: SessionCoverage = { from: join(scratch, 'v8'), to: join(scratch, RAW_COVERAGE) };
  return { env: { NODE_V8_COVERAGE: coverage.from }, coverage };
}

/** nyc collects what a process has counted only at its end. */
export const canMeasureInSession = (folder: SuiteFolder): boolean => measurerOf(folder)?.program !== 'nyc';

export const measuringRemarks = (folder: SuiteFolder): readonly string[] => (canMeasureInSession(folder) ? [] : [COVERAGE_ALONE]);

/** Coverage of Node programs by c8 or nyc, whose own command merges it, in the version of the project. */
export const nodeCoverage: CoverageSupport = {
  isAround: true,

  async merge(folder: SuiteFolder, { raw, scratch }: GatheredCoverage): Promise<CoverageCall> {
    const all = join(scratch, 'all');
    await mkdir(all);
    for (const attempt of await readdir(raw))
      for (const name of await readdir(join(raw, attempt)))
        await rename(join(raw, attempt, name), join(all, `${attempt}-${name}`));
    const { program, words } = measurerOf(folder) ?? { program: 'c8', words: [] };
    const bin = await binOf(folder.cwd, program);
    // nyc adds the files that nobody loaded only around a command: around one that does nothing.
    const merging =
      program === 'c8'
        ? (['report', ...words, `--temp-directory=${all}`] as const)
        : ([...words, '--clean=false', `--temp-dir=${all}`, process.execPath, '-e', '0'] as const);
    return { argv: [process.execPath, bin, ...merging], env: plainOutput(folder), met: [0], below: [1] };
  },
};
