import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapePath } from 'tinyglobby';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { CaseSelection } from '../../core/plan/split.js';
import { type CoverageSwitch, withCoverageSwitch } from '../coverage/coverage-switch.js';
import { RAW_COVERAGE } from '../coverage/raw-coverage.js';
import type {
  CommandLine,
  CoverageCall,
  Evidence,
  FileCall,
  Framework,
  GatheredCoverage,
  Invocation,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { type Dialect, readJestJson } from '../jest-json.js';
import { runListingToFile } from '../listing.js';
import { namePattern } from '../name-pattern.js';
import { plainOutput } from '../plain-output.js';
import { nodeSession } from '../pool/node-session.js';
import { binOf, findPackage, needPackage, notInstalled, versionOfPackage } from '../resolve.js';
import { splitWords } from '../script/split-words.js';
import { vitestRemarks } from './remarks.js';

const DIALECT: Dialect = {
  framework: 'vitest',
  unfinished: 'pending',
  noTests: /^No test(s| suite)? found in/,
  retriesLeaveMessages: true,
  heedsCapitals: true,
};

const SWITCH: CoverageSwitch = { pattern: /^--(?:no-)?coverage(?:\.enabled)?(?:=|$)/, flag: '--coverage.enabled' };

const listed = z.array(z.object({ file: z.string() }));

/**
 * Settings of the session program: vitest's package folder, the suite's arguments, Holdfast's setup file, a folder for raw coverage, and
 * one for reports, of which there are none.
 */
export type VitestSettings = {
  readonly vitest: string;
  readonly args: readonly string[];
  readonly setup: string;
  readonly coverage: string;
  readonly reports: string;
};
/** Settings of the program that merges coverage: where the raw coverage of the attempts is, and what to exit with. */
export type VitestCoverageSettings = Pick<VitestSettings, 'vitest' | 'args'> & {
  readonly raw: string;
  readonly isMoved: boolean;
  readonly isGreen: boolean;
  readonly exitCodes: typeof MERGE_EXITS;
};
/** Options of an order: a pattern for the full names of the cases to run. */
export type VitestOptions = { readonly pattern?: string };

const RUNNING = ['run', 'watch', 'dev'];
const OTHER_COMMANDS = ['bench', 'list', 'init', 'related', 'typecheck'];
const VITEST: CommandLine = {
  programs: ['vitest'],
  argsOf([first, ...rest]) {
    if (first === undefined || OTHER_COMMANDS.includes(first)) return first === undefined ? [] : null;
    return RUNNING.includes(first) ? rest : [first, ...rest];
  },
  valued: [
    ...[
      '-c',
      '--config',
      '-r',
      '--root',
      '--dir',
      '--project',
      '-t',
      '--testNamePattern',
      '--exclude',
      '--environment',
      '--mode',
    ],
    ...[
      '--reporter',
      '--outputFile',
      '--pool',
      '--shard',
      '--testTimeout',
      '--hookTimeout',
      '--retry',
      '--maxWorkers',
      '--minWorkers',
    ],
    ...['--maxConcurrency', '--teardownTimeout', '--slowTestThreshold', '--sequence.seed', '--bail', '--tags-filter'],
  ],
  leftOut: [
    '--run',
    '--watch',
    '-w',
    '--reporter',
    '--outputFile',
    '--ui',
    '--open',
    '--api',
    '--shard',
    '--color',
    '--no-color',
  ],
  readsGlobs: false,
};

/** The first version with `vitest list --filesOnly`. */
const LISTS_FILES = [2, 1] as const;
/** The first version that joins the names of groups and cases by ` > `; earlier ones join them by a space. */
const JOINS_BY_ARROW = [5, 0] as const;

/** A reporter of Holdfast's, as a module that only imports it: vite reads no file outside of the project. */
const COVERAGE_REPORTER = `data:text/javascript,${encodeURIComponent(
  `export { default } from ${JSON.stringify(pathToFileURL(packageFile('src/frameworks/vitest/coverage-reporter.mjs')))};`,
)}`;

/** Exit codes of the program that merges coverage, beside 0. */
const MERGE_EXITS = { below: 1, failed: 2, skipped: 3 } as const;
/** Type tests as vitest names them: the compiler checks all of them at once, whichever is named. */
const IS_TYPE_TEST = /\.(?:test|spec)-d\.[cm]?[jt]sx?$/;

/** vitest, with its own JSON report. */
export const vitest: Framework = {
  name: 'vitest',
  commandLine: VITEST,

  detect({ packageJson, names }: ProjectFiles): boolean {
    return Boolean(packageJson?.dependencies.has('vitest')) || [...names].some((name) => name.startsWith('vitest.config.'));
  },

  async missing({ cwd }: SuiteFolder): Promise<string | null> {
    const { version = null, bin = null } = (await findPackage(cwd, 'vitest')) ?? {};
    if (version !== null && isBefore(version, LISTS_FILES))
      return `vitest ${version} is installed in ${cwd}, which cannot list test files; Holdfast needs vitest ${LISTS_FILES.join('.')} or later.`;
    return bin === null ? notInstalled(cwd, 'vitest') : null;
  },

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, 'vitest'),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const bin = await binOf(folder.cwd, 'vitest');
    const text = await runListingToFile(folder, (path) => {
      return [process.execPath, bin, 'list', ...folder.spec.args, '--filesOnly', `--json=${path}`];
    });
    const cwd = await realpath(folder.cwd); // vitest resolves symlinks.
    const files = listed.parse(JSON.parse(text)).map(({ file }) => relative(cwd, file));
    return [...new Set(files)].sort(); // A file in two projects is listed twice, but one run covers both.
  },

  remarks: (folder: SuiteFolder) => vitestRemarks(folder).catch(() => []), // The listing says what is wrong with the configuration.

  async invoke(folder: SuiteFolder, { file, scratch, selection }: FileCall): Promise<Invocation> {
    const path = join(scratch, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--reporter=${COVERAGE_REPORTER}`, `--outputFile.json=${path}`];
    const cwd = await realpath(folder.cwd);
    const only = IS_TYPE_TEST.test(file)
      ? ['--typecheck.only'] // With all of them, so that errors in others are not taken for those of the source.
      : [...lookalikes(cwd, file).map((glob) => `--exclude=${glob}`), join(cwd, file)];
    return {
      argv: [
        process.execPath,
        await binOf(folder.cwd, 'vitest'),
        'run',
        ...withCoverageSwitch(splitWords(folder.spec.args, VITEST).options, folder.spec, SWITCH),
        ...reporters,
        '--no-color',
        `--coverage.reportsDirectory=${join(scratch, 'reports')}`, // Which it empties.
        ...(selection ? [`--testNamePattern=${await patternFor(folder, selection)}`] : []),
        ...only,
      ],
      env: { ...plainOutput(folder), HOLDFAST_COVERAGE: join(scratch, RAW_COVERAGE) },
      report: { kind: 'file', path },
    };
  },

  coverage: {
    async merge(folder: SuiteFolder, { raw, isMoved, isGreen }: GatheredCoverage): Promise<CoverageCall> {
      const { folder: vitest } = await needPackage(folder.cwd, 'vitest');
      const settings: VitestCoverageSettings = { vitest, args: folder.spec.args, raw, isMoved, isGreen, exitCodes: MERGE_EXITS };
      const { below, skipped } = MERGE_EXITS;
      return {
        ...nodeSession('vitest/coverage.mjs', settings, plainOutput(folder)),
        met: [0],
        below: [below],
        skipped: [skipped],
      };
    },
  },

  warm: {
    isIsolated: false,
    lists: true,
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const { folder: vitest } = await needPackage(folder.cwd, 'vitest');
      const settings: VitestSettings = {
        vitest,
        args: withCoverageSwitch(folder.spec.args, folder.spec, SWITCH),
        setup: packageFile('src/frameworks/vitest/setup.mjs'),
        coverage: join(scratch, RAW_COVERAGE),
        reports: join(scratch, 'reports'),
      };
      return { ...nodeSession('vitest/session.mjs', settings, plainOutput(folder)), endGraceMs: DEFAULTS.sessionEndMs };
    },
    async order(folder: SuiteFolder, files, _scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const options: VitestOptions = selection ? { pattern: await patternFor(folder, selection) } : {};
      return { takes: files.length, options };
    },
  },

  read: (evidence: Evidence): Reading => readJestJson(evidence, DIALECT),
};

async function patternFor({ cwd }: SuiteFolder, selection: CaseSelection): Promise<string> {
  const { version = null } = (await findPackage(cwd, 'vitest')) ?? {};
  return namePattern(selection, version === null || isBefore(version, JOINS_BY_ARROW) ? ' ' : ' > ');
}

function isBefore(version: string, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/**
 * Globs for other files whose path contains that of the requested one. vitest cannot name a file exactly: asked for `a.test.ts`, it
 * also runs `data.test.ts`, so that such files would run repeatedly.
 */
function lookalikes(cwd: string, file: string): readonly string[] {
  const [folder, name] = [escapePath(cwd), escapePath(file)];
  return [`${folder}/*/**/${name}`, `${folder}/**/?*${name}`, `${folder}/**/${name}?*`, `${folder}/**/*${name}*/**`];
}
