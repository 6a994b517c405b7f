import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
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
import { lastWords, listingFailed, runListing } from '../listing.js';
import { namePattern } from '../name-pattern.js';
import { plainOutput } from '../plain-output.js';
import { nodeSession } from '../pool/node-session.js';
import { binOf, missingPackage, needPackage, versionOfPackage } from '../resolve.js';
import { splitWords } from '../script/split-words.js';
import { jestRemarks } from './remarks.js';
import { readJestReport } from './report.js';

const SWITCH: CoverageSwitch = { pattern: /^--(?:no-)?(?:coverage|collectCoverage)(?:=|$)/, flag: '--coverage' };

const listed = z.array(z.string());

/** Settings of the session program: jest's package folder and command, the suite's arguments, and a folder for raw coverage. */
export type JestSettings = {
  readonly jest: string;
  readonly bin: string;
  readonly args: readonly string[];
  readonly coverage: string;
};
/** Settings of the program that merges coverage: the same, and where the raw coverage of the attempts is. */
export type JestCoverageSettings = Omit<JestSettings, 'coverage'> & Pick<GatheredCoverage, 'raw' | 'scratch'>;
/** Settings of the program that runs one file: jest's package folder and command, the path of the report, a folder for raw coverage. */
export type JestRunSettings = { readonly jest: string; readonly bin: string; readonly report: string; readonly coverage: string };
/** Options of an order: a pattern for the full names of the cases to run. */
export type JestOptions = { readonly pattern?: string };

const JEST: CommandLine = {
  programs: ['jest'],
  valued: [
    ...[
      '-c',
      '--config',
      '--rootDir',
      '--roots',
      '--projects',
      '--selectProjects',
      '--ignoreProjects',
      '-t',
      '--testNamePattern',
    ],
    ...[
      '--testPathPattern',
      '--testPathPatterns',
      '--testPathIgnorePatterns',
      '--testMatch',
      '--testRegex',
      '--testTimeout',
      '--env',
    ],
    ...[
      '--testEnvironment',
      '--setupFiles',
      '--setupFilesAfterEnv',
      '--globalSetup',
      '--globalTeardown',
      '--transform',
      '--shard',
    ],
    ...['-w', '--maxWorkers', '--maxConcurrency', '--reporters', '--outputFile', '--coverageDirectory', '--coverageReporters'],
    ...[
      '--collectCoverageFrom',
      '--coverageProvider',
      '--coverageThreshold',
      '--cacheDirectory',
      '--changedSince',
      '--seed',
      '--filter',
    ],
  ],
  leftOut: [
    ...['--watch', '--watchAll', '--reporters', '--outputFile', '--json', '-w', '--maxWorkers', '-i', '--runInBand'],
    ...['--bail', '-b', '--shard', '-o', '--onlyChanged', '--changedSince', '--verbose', '--silent', '--colors', '--color'],
  ],
  readsGlobs: false,
};

/** jest, with Holdfast's reporter in addition to its own: see docs/decisions/0004-frameworks-own-reporters.md. */
export const jest: Framework = {
  name: 'jest',
  commandLine: JEST,

  detect({ packageJson, names }: ProjectFiles): boolean {
    return Boolean(packageJson?.dependencies.has('jest')) || [...names].some((name) => name.startsWith('jest.config.'));
  },

  missing: ({ cwd }: SuiteFolder) => missingPackage(cwd, 'jest'),

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, 'jest'),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const argv = [process.execPath, await binOf(folder.cwd, 'jest'), ...folder.spec.args, '--listTests', '--json'] as const;
    const { stdout, stderr, exitCode } = await runListing(folder, argv);
    // Configuration files may print too; the list is the last line that looks like one.
    const line = stdout.split('\n').findLast((line) => line.startsWith('['));
    if (exitCode !== 0 || line === undefined) throw listingFailed(argv, lastWords({ stdout, stderr, exitCode }));
    const cwd = await realpath(folder.cwd); // jest resolves symlinks.
    return listed
      .parse(JSON.parse(line))
      .map((path) => relative(cwd, path))
      .sort();
  },

  remarks: (folder: SuiteFolder) => jestRemarks(folder).catch(() => []), // The listing says what is wrong with the configuration.

  async invoke(folder: SuiteFolder, { file, scratch, selection }: FileCall): Promise<Invocation> {
    const report = join(scratch, 'report.jsonl');
    const { folder: jest, bin } = await needPackage(folder.cwd, 'jest');
    const settings: JestRunSettings = { jest, bin, report, coverage: join(scratch, RAW_COVERAGE) };
    const { argv, env } = nodeSession('jest/run.cjs', settings, plainOutput(folder));
    const words = [
      ...withCoverageSwitch(splitWords(folder.spec.args, JEST).options, folder.spec, SWITCH),
      '--runTestsByPath',
      join(await realpath(folder.cwd), file),
      '--reporters=default',
      `--reporters=${packageFile('src/frameworks/jest/run.cjs')}`,
      '--runInBand',
      '--watchAll=false',
      ...(selection ? [`--testNamePattern=${namePattern(selection)}`] : []),
    ];
    return { argv: [...argv, ...words], ...(env && { env }), report: { kind: 'file', path: report } };
  },

  coverage: {
    async merge(folder: SuiteFolder, { raw, scratch }: GatheredCoverage): Promise<CoverageCall> {
      const { folder: jest, bin } = await needPackage(folder.cwd, 'jest');
      const settings: JestCoverageSettings = { jest, bin, args: folder.spec.args, raw, scratch };
      return { ...nodeSession('jest/coverage.cjs', settings, plainOutput(folder)), met: [0], below: [1] };
    },
  },

  warm: {
    isIsolated: false,
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const { folder: jest, bin } = await needPackage(folder.cwd, 'jest');
      const args = withCoverageSwitch(folder.spec.args, folder.spec, SWITCH);
      const settings: JestSettings = { jest, bin, args, coverage: join(scratch, RAW_COVERAGE) };
      return { ...nodeSession('jest/session.cjs', settings, plainOutput(folder)), endGraceMs: DEFAULTS.sessionEndMs };
    },
    async order(_folder: SuiteFolder, files, _scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const options: JestOptions = selection ? { pattern: namePattern(selection) } : {};
      return { takes: files.length, options };
    },
  },

  read: (evidence: Evidence): Reading => readJestReport(evidence),
};
