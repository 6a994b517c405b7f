import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { glob } from 'tinyglobby';
import { packageFile } from '../../adapters/package-file.js';
import type {
  CommandLine,
  Evidence,
  Framework,
  Invocation,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { listingFailed } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { nodeSession } from '../pool/node-session.js';
import { NODE_VALUED } from '../script/runners.js';
import { splitWords } from '../script/split-words.js';
import { readNodeTestReport } from './report.js';

/** The files that `node --test` runs when it is given none. */
const PATTERNS = ['**/test/**/*', '**/test', '**/test-*', '**/*[._-]test'];

/** Settings of the session program: the suite's arguments and a folder for reports. */
export type NodeSettings = { readonly args: readonly string[]; readonly folder: string };

const LONGEST_TIMER_MS = String(2 ** 31 - 1);

/** `node --test OPTION… PATTERN…`. */
const NODE: CommandLine = {
  programs: ['node'],
  argsOf: (words) => (words.includes('--test') ? words.filter((word) => word !== '--test') : null),
  valued: [
    ...NODE_VALUED,
    ...[
      '--test-reporter',
      '--test-reporter-destination',
      '--test-name-pattern',
      '--test-skip-pattern',
      '--test-timeout',
      '--test-concurrency',
    ],
    ...['--test-shard', '--test-coverage-include', '--test-coverage-exclude'],
  ],
  leftOut: [
    ...['--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-shard', '--watch'],
    ...['--experimental-test-coverage', '--test-coverage-include', '--test-coverage-exclude'],
  ],
  readsGlobs: true,
};

/** Node's built-in test runner, with Holdfast's reporter in addition to `spec`. */
export const nodeTest: Framework = {
  name: 'node',
  commandLine: NODE,

  detect({ packageJson }: ProjectFiles): boolean {
    return Object.values(packageJson?.scripts ?? {}).some((script) => /\bnode\b.*\s--test(?=\s|$)/.test(script));
  },

  /** Part of Node itself, so always installed. */
  missing: () => Promise.resolve(null),

  version: () => Promise.resolve(process.versions.node),

  async list({ cwd, spec }: SuiteFolder): Promise<readonly string[]> {
    const { options, names } = splitWords(spec.args, NODE);
    const extension = readsTypeScript(options) ? '.?(c|m)[jt]s' : '.?(c|m)js';
    const byDefault = PATTERNS.map((pattern) => pattern + extension);
    const named = await Promise.all(names.map((name) => patternsOf(name, cwd, byDefault)));
    const files = await glob(names.length === 0 ? byDefault : named.flat(), {
      cwd,
      ignore: ['**/node_modules/**', '**/*.d.?(c|m)ts'],
      expandDirectories: false,
    }).catch((error: unknown) => {
      throw listingFailed(['node', '--test'], String(error), { cause: error });
    });
    return files.sort();
  },

  invoke(folder: SuiteFolder, file: string, scratch: string): Promise<Invocation> {
    const { options } = splitWords(folder.spec.args, NODE);
    const path = join(scratch, 'report.jsonl');
    const report = [
      `--test-reporter=${pathToFileURL(packageFile('src/frameworks/node/reporter.mjs'))}`,
      `--test-reporter-destination=${path}`,
    ];
    const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
    const hook = ['--import', pathToFileURL(packageFile('src/frameworks/node/hook.mjs')).href];
    return Promise.resolve({
      argv: [process.execPath, ...options, ...hook, '--test', ...report, ...spec, `./${asLiteral(file)}`],
      env: {
        ...plainOutput(folder),
        HOLDFAST_NODE_TEST_ENDED: join(scratch, 'ended-by-itself'),
        // Node itself fails a file that is open for so long.
        ...(options.some((word) => word.startsWith('--test-timeout')) && { HOLDFAST_OPEN_GRACE_MS: LONGEST_TIMER_MS }),
      },
      report: { kind: 'file', path },
    });
  },

  warm: {
    isIsolated: true,
    believed: 'green', // A red file lacks what the parent process of `node --test` reports about it.
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const settings: NodeSettings = { args: splitWords(folder.spec.args, NODE).options, folder: scratch };
      return nodeSession('node/session.cjs', settings, plainOutput(folder));
    },
    order: (): Promise<SessionOrder> => Promise.resolve({ takes: 1, options: {} }),
  },

  read: (evidence: Evidence): Reading => readNodeTestReport(evidence),
};

/** The files of a name on the command line of `node --test`: in a folder those that it runs by default, and all in one called test. */
async function patternsOf(name: string, cwd: string, byDefault: readonly string[]): Promise<readonly string[]> {
  const path = name.replace(/^\.\//, '').replace(/\/$/, '');
  const isFolder = (await stat(join(cwd, path)).catch(() => null))?.isDirectory() ?? false;
  if (!isFolder) return [path];
  const inside = path.split('/').includes('test') ? byDefault.map((pattern) => pattern.replace(/^\*\*\/test\//, '')) : byDefault;
  return inside.map((pattern) => `${path}/${pattern}`);
}

/** Recent versions of Node strip types by default; older ones need a flag or a loader such as tsx. */
function readsTypeScript(args: readonly string[]): boolean {
  const loads = args.some((word) =>
    /^(--import|--loader|--experimental-loader|--require|-r|--experimental-strip-types)\b/.test(word),
  );
  return loads || ('typescript' in process.features && Boolean(process.features.typescript));
}

/** Since version 21, Node treats file arguments as globs. */
function asLiteral(file: string): string {
  const takesGlobs = Number.parseInt(process.versions.node, 10) > 20;
  return takesGlobs ? file.replace(/[*?[\]{}()!+@]/g, '[$&]') : file;
}
