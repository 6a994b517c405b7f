import { join } from 'node:path';
import { DEFAULTS } from '../../core/defaults.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type {
  Evidence,
  Framework,
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
import { listingFlags, parseArguments, withoutProfile } from './arguments.js';
import { listPackages } from './packages.js';

/** Settings of the session program: the cache folder of binaries, its maximum size, and a scratch folder on the same file system. */
export type GoSettings = { readonly kept: string; readonly keptBytes: number; readonly scratch: string };
/** Options of an order: arguments before and after the packages, and arguments for `go list`. */
export type GoOptions = {
  readonly flags: readonly string[];
  readonly toTests: readonly string[];
  readonly listing: readonly string[];
};

const CALL = /go test/;

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

  async invoke({ spec: { args } }: SuiteFolder, file: string, _scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const { flags, toTests } = callFor(args);
    const path = file === '.' ? '.' : `./${file}`;
    const only = selection ? [selectionFlag(selection)] : [];
    return { argv: ['go', ...flags, ...only, '-json', path, ...toTests], report: { kind: 'stdout' } };
  },

  warm: {
    isIsolated: true,
    isACall: true,
    async start(_folder: SuiteFolder, scratch: string, cache: string): Promise<SessionInvocation> {
      const settings: GoSettings = { scratch, kept: join(cache, 'go'), keptBytes: DEFAULTS.keptBinariesBytes };
      return nodeSession('go/session.cjs', settings);
    },
    async order({ spec: { args } }: SuiteFolder, files): Promise<SessionOrder> {
      return { takes: files.length, options: callFor(args) };
    },
  },

  read: (evidence: Evidence): Reading => readGoTest(evidence),

  humanOutput: goTestOutput,
};

/**
 * The arguments before and after the packages. go's result cache is off, because each run runs the tests; its own timeout applies, and with
 * it go's wait for output that a test's child process keeps open.
 */
function callFor(args: readonly string[]): GoOptions {
  const { flags, toTests } = parseArguments(args);
  return { flags: ['test', '-count=1', ...withoutProfile(flags)], toTests, listing: listingFlags(flags) };
}

/** Selects outermost tests, with all their subtests. The names are identifiers, so they need no escaping. */
function selectionFlag({ kind, names }: CaseSelection): string {
  return `-${kind === 'only' ? 'run' : 'skip'}=^(${names.map(([test]) => test).join('|')})$`;
}
