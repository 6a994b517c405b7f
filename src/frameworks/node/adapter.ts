import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { glob, isDynamicPattern } from 'tinyglobby';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { canMeasureInSession, measured, measuredInSession, measuringRemarks } from '../coverage/node-coverage.js';
import { RAW_COVERAGE } from '../coverage/raw-coverage.js';
import type {
  CommandLine,
  Evidence,
  FileCall,
  Framework,
  Invocation,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { runListingToFile } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { nodeSession } from '../pool/node-session.js';
import { NODE_VALUED } from '../script/runners.js';
import { splitWords } from '../script/split-words.js';
import { measuresItself, nodeTestCoverage, withoutCoverage } from './coverage.js';
import { readNodeTestReport } from './report.js';

const listed = z.array(z.string());

/** Since version 21, Node treats file arguments as globs. */
const takesGlobs = Number.parseInt(process.versions.node, 10) > 20;

/** Settings of the session program: the suite's arguments, a folder for reports, and one for coverage, if it is measured. */
export type NodeSettings = { readonly args: readonly string[]; readonly folder: string; readonly coverage: string | null };

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
    ...[
      '--test-shard',
      '--test-coverage-include',
      '--test-coverage-exclude',
      '--test-coverage-lines',
      '--test-coverage-branches',
    ],
    ...['--test-coverage-functions', '--test-isolation', '--experimental-test-isolation', '--test-global-setup'],
    ...['--test-random-seed', '--test-rerun-failures'],
  ],
  leftOut: ['--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-shard', '--watch'],
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

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const { options, names } = splitWords(folder.spec.args, NODE);
    const words = takesGlobs ? names : await pathsOf(names, folder.cwd);
    const typed = options.filter((word) => /strip-types|transform-types/.test(word));
    const text = await runListingToFile(folder, (path) => [
      process.execPath,
      '--no-warnings', // Its search by patterns is experimental in some versions.
      ...typed,
      packageFile('src/frameworks/node/list.cjs'),
      path,
      ...words,
    ]);
    return listed.parse(JSON.parse(text));
  },

  invoke(folder: SuiteFolder, { file, scratch }: FileCall): Promise<Invocation> {
    const options = withoutCoverage(splitWords(folder.spec.args, NODE).options);
    const path = join(scratch, 'report.jsonl');
    const report = [
      `--test-reporter=${pathToFileURL(packageFile('src/frameworks/node/reporter.mjs'))}`,
      `--test-reporter-destination=${path}`,
    ];
    const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
    const hook = ['--import', pathToFileURL(packageFile('src/frameworks/node/hook.mjs')).href];
    return measured(folder, scratch, {
      argv: [process.execPath, ...options, ...hook, '--test', ...report, ...spec, `./${asLiteral(file)}`],
      env: {
        ...plainOutput(folder),
        ...(measuresItself(folder.spec) && { NODE_V8_COVERAGE: join(scratch, RAW_COVERAGE) }),
        HOLDFAST_NODE_TEST_ENDED: join(scratch, 'ended-by-itself'),
        // Node itself fails a file that is open for so long.
        ...(options.some((word) => word.startsWith('--test-timeout')) && { HOLDFAST_OPEN_GRACE_MS: LONGEST_TIMER_MS }),
      },
      report: { kind: 'file', path },
    });
  },

  remarks: async (folder: SuiteFolder) => (measuresItself(folder.spec) ? [] : measuringRemarks(folder)),

  coverage: nodeTestCoverage,

  warm: {
    isIsolated: true,
    isFor: canMeasureInSession,
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const measures = measuresItself(folder.spec) || measuredInSession(folder, scratch).coverage !== null;
      const settings: NodeSettings = {
        args: withoutCoverage(splitWords(folder.spec.args, NODE).options),
        folder: scratch,
        coverage: measures ? join(scratch, RAW_COVERAGE) : null,
      };
      return nodeSession('node/session.cjs', settings, plainOutput(folder));
    },
    order: (): Promise<SessionOrder> => Promise.resolve({ takes: 1, options: {} }),
  },

  read: (evidence: Evidence): Reading => readNodeTestReport(evidence),
};

/** What a shell makes of names for a version of Node that takes paths only. */
async function pathsOf(names: readonly string[], cwd: string): Promise<readonly string[]> {
  const expanded = names.map(async (name) => {
    const found = isDynamicPattern(name) ? await glob(name, { cwd, expandDirectories: false, onlyFiles: false }) : [];
    return found.length === 0 ? [name] : found;
  });
  return (await Promise.all(expanded)).flat();
}

function asLiteral(file: string): string {
  return takesGlobs ? file.replace(/[*?[\]{}()!+@]/g, '[$&]') : file;
}
