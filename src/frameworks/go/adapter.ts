import { realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
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
import { listingFailed, runListing } from '../listing.js';
import { nodeSession } from '../pool/node-session.js';
import { askVersion, findProgram } from '../program.js';

const packages = z.array(
  z.object({
    /** Undefined if go cannot locate the package. */
    Dir: z.string().optional(),
    Error: z.object({ Err: z.string() }).optional(),
    TestGoFiles: z.array(z.string()).default([]),
    XTestGoFiles: z.array(z.string()).default([]),
  }),
);

/** Flags of `go test` that affect which files belong to a package, so the listing needs them too. */
const LISTING_FLAGS = /^--?(tags|mod|modfile|overlay|race|msan|asan|compiler)(=|$)/;
const TAKES_A_VALUE = /^--?(tags|mod|modfile|overlay|compiler)$/;

/** Settings of the session program: the cache folder of binaries, its maximum size, and a scratch folder on the same file system. */
export type GoSettings = { readonly kept: string; readonly keptBytes: number; readonly scratch: string };
/** Options of an order: arguments before and after the packages, and arguments for `go list`. */
export type GoOptions = {
  readonly flags: readonly string[];
  readonly toTests: readonly string[];
  readonly listing: readonly string[];
};

/** `go test`. What is a test file for other frameworks is the folder of a package here. */
export const go: Framework = {
  name: 'go',

  detect: ({ names }: ProjectFiles) => names.has('go.mod') || names.has('go.work'),

  async missing(folder: SuiteFolder): Promise<string | null> {
    return (await findProgram(folder, 'go')) === null ? 'There is no `go` on the PATH of the tests.' : null;
  },

  version: (folder: SuiteFolder) => askVersion(folder, ['go', 'env', 'GOVERSION'], /^go(\S+)/),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    // -e: also lists packages that do not compile; their tests then fail with the compiler's message.
    const argv = [
      'go',
      'list',
      '-e',
      '-json=Dir,Error,TestGoFiles,XTestGoFiles',
      ...listingFlags(folder.spec.args),
      ...(await patternsOf(folder)),
    ] as const;
    const { stdout, stderr, exitCode } = await runListing(folder, argv);
    if (exitCode !== 0) throw listingFailed(argv, stderr);
    const cwd = await realpath(folder.cwd);
    const found = packages.parse(JSON.parse(`[${stdout.replaceAll(/^\}\n\{$/gm, '},{')}]`));
    return found
      .filter(({ TestGoFiles, XTestGoFiles, Dir }) => Dir === undefined || TestGoFiles.length + XTestGoFiles.length > 0)
      .map(({ Dir, Error: problem }) => {
        if (Dir === undefined) throw listingFailed(argv, problem?.Err ?? stderr);
        return relative(cwd, Dir) || '.';
      })
      .sort();
  },

  async invoke({ spec: { args } }: SuiteFolder, file: string, _scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const { flags, toTests } = callFor(args);
    const path = file === '.' ? '.' : `./${file}`;
    const only = selection ? [selectionFlag(selection)] : [];
    return { argv: ['go', ...flags, ...only, '-json', path, ...toTests], report: { kind: 'stdout' } };
  },

  warm: {
    isIsolated: true,
    isACall: true,
    believed: 'green', // Output of go that belongs to no package is not attributed to one of several.
    async start(_folder: SuiteFolder, scratch: string, cache: string): Promise<SessionInvocation> {
      const settings: GoSettings = { scratch, kept: join(cache, 'go'), keptBytes: DEFAULTS.keptBinariesBytes };
      return nodeSession('go/session.cjs', settings);
    },
    async order({ spec: { args } }: SuiteFolder, files): Promise<SessionOrder> {
      const options: GoOptions = { ...callFor(args), listing: listingFlags(args) };
      return { takes: files.length, options };
    },
  },

  read: (evidence: Evidence): Reading => readGoTest(evidence),

  humanOutput: goTestOutput,
};

/** `./...`, or the modules of a workspace: in its folder `./...` names only a module that is there. Throws LISTING_FAILED for modules elsewhere. */
async function patternsOf(folder: SuiteFolder): Promise<readonly string[]> {
  if ((await stat(join(folder.cwd, 'go.work')).catch(() => null)) === null) return ['./...'];
  const argv = ['go', 'list', '-m', '-f', '{{.Dir}}'] as const;
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, stderr);
  const cwd = await realpath(folder.cwd);
  const modules = stdout
    .split('\n')
    .filter(Boolean)
    .map((dir) => relative(cwd, dir));
  const outside = modules.filter((dir) => dir.startsWith('..'));
  if (outside.length > 0)
    throw listingFailed(
      argv,
      `go.work has modules outside of this folder: ${outside.join(', ')}. Run the suite in a folder that has them all.`,
    );
  return modules.map((dir) => (dir === '' ? './...' : `./${dir}/...`));
}

/** The arguments before and after the packages. Disables go's result cache and its ten-minute timeout: Holdfast has its own. */
function callFor(args: readonly string[]) {
  const at = args.indexOf('-args');
  const [flags, toTests] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  return { flags: ['test', '-count=1', '-timeout=0', ...flags], toTests };
}

/** Selects outermost tests, with all their subtests. The names are identifiers, so they need no escaping. */
function selectionFlag({ kind, names }: CaseSelection): string {
  return `-${kind === 'only' ? 'run' : 'skip'}=^(${names.map(([test]) => test).join('|')})$`;
}

function listingFlags(args: readonly string[]): readonly string[] {
  return args.flatMap((word, index) => {
    if (!LISTING_FLAGS.test(word)) return [];
    const value = args[index + 1];
    return TAKES_A_VALUE.test(word) && value !== undefined ? [word, value] : [word];
  });
}
