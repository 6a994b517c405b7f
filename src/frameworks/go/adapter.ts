import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULTS } from '../../core/defaults.js';
import type { FrameworkSpec } from '../../core/model/suite.js';
import type { CaseSelection } from '../../core/plan/split.js';
import { RAW_COVERAGE } from '../coverage/raw-coverage.js';
import type {
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
import { goTestOutput, readGoTest } from '../go-test-json.js';
import { nodeSession } from '../pool/node-session.js';
import { askVersion, findProgram } from '../program.js';
import { wordsOfRecipes } from '../recipes.js';
import { listingFlags, parseArguments, profileOf, withoutProfile } from './arguments.js';
import { listPackages } from './packages.js';

/**
 * Settings of the session program: the cache folder of binaries, its maximum size, a scratch folder on the same file system, and a folder
 * for coverage profiles.
 */
export type GoSettings = {
  readonly kept: string;
  readonly keptBytes: number;
  readonly scratch: string;
  readonly coverage: string;
};
/** Settings of the program that joins profiles: arguments as for an order, packages, the path of the profile, and where the parts are. */
export type GoCoverageSettings = Omit<GoOptions, 'toTests' | 'measures'> &
  Pick<GatheredCoverage, 'raw' | 'scratch'> & { readonly packages: readonly string[]; readonly profile: string };
/** Options of an order: arguments before and after the packages, and arguments for `go list`. */
export type GoOptions = {
  readonly flags: readonly string[];
  readonly toTests: readonly string[];
  readonly listing: readonly string[];
  /** Each package writes a coverage profile. */
  readonly measures: boolean;
};

const CALL = /go test/;
/** Where the profile is if coverage is asked of Holdfast alone. */
const DEFAULT_PROFILE = 'coverage.out';

/** `go test`. What is a test file for other frameworks is the folder of a package here. */
export const go: Framework = {
  name: 'go',

  detect: ({ names }: ProjectFiles) => names.has('go.mod') || names.has('go.work'),

  async missing(folder: SuiteFolder): Promise<string | null> {
    return (await findProgram(folder, 'go')) === null ? 'There is no `go` on the PATH of the tests.' : null;
  },

  version: (folder: SuiteFolder) => askVersion(folder, ['go', 'env', 'GOVERSION'], /^go(\S+)/),

  list: listPackages,

  remarks: (folder: SuiteFolder) => wordsOfRecipes(folder, CALL),

  async invoke({ spec }: SuiteFolder, { file, scratch, selection }: FileCall): Promise<Invocation> {
    const { flags, toTests, measures } = callFor(spec);
    const raw = join(scratch, RAW_COVERAGE);
    if (measures) await mkdir(raw, { recursive: true });
    const profile = measures ? [`-coverprofile=${join(raw, 'profile')}`] : [];
    const path = file === '.' ? '.' : `./${file}`;
    const only = selection ? [selectionFlag(selection)] : [];
    return { argv: ['go', ...flags, ...profile, ...only, '-json', path, ...toTests], report: { kind: 'stdout' } };
  },

  coverage: {
    async merge({ spec }: SuiteFolder, { raw, scratch }: GatheredCoverage): Promise<CoverageCall> {
      const { flags: given, packages } = parseArguments(spec.args);
      const { flags, listing } = callFor(spec);
      const profile = profileOf(given) ?? DEFAULT_PROFILE;
      const settings: GoCoverageSettings = {
        flags,
        listing,
        packages: packages.length > 0 ? packages : ['./...'],
        profile,
        raw,
        scratch,
      };
      return { ...nodeSession('go/coverage.cjs', settings), met: [0], below: [] };
    },
  },

  warm: {
    isIsolated: true,
    isACall: true,
    async start(_folder: SuiteFolder, scratch: string, cache: string): Promise<SessionInvocation> {
      const coverage = join(scratch, RAW_COVERAGE);
      const settings: GoSettings = { scratch, coverage, kept: join(cache, 'go'), keptBytes: DEFAULTS.keptBinariesBytes };
      return nodeSession('go/session.cjs', settings);
    },
    async order({ spec }: SuiteFolder, files): Promise<SessionOrder> {
      return { takes: files.length, options: callFor(spec) };
    },
  },

  read: (evidence: Evidence): Reading => readGoTest(evidence),

  humanOutput: goTestOutput,
};

/**
 * The arguments before and after the packages. go's result cache is off, because each run runs the tests; its own timeout applies, and with
 * it go's wait for output that a test's child process keeps open.
 */
function callFor({ args, coverage }: FrameworkSpec): GoOptions {
  const { flags, toTests } = parseArguments(args);
  const measures = coverage === 'on' || (coverage !== 'off' && profileOf(flags) !== null);
  return { flags: ['test', '-count=1', ...withoutProfile(flags)], toTests, listing: listingFlags(flags), measures };
}

/** Selects outermost tests, with all their subtests. The names are identifiers, so they need no escaping. */
function selectionFlag({ kind, names }: CaseSelection): string {
  return `-${kind === 'only' ? 'run' : 'skip'}=^(${names.map(([test]) => test).join('|')})$`;
}
