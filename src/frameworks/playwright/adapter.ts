import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type {
  Evidence,
  FileCall,
  Framework,
  Invocation,
  ListingLimits,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { listingFailed, runLoadingListing } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { binOf, missingPackage, versionOfPackage } from '../resolve.js';
import { allBut, exactly, titlePattern } from './patterns.js';
import { parsePlaywrightReport, problemsOf, readPlaywrightReport } from './report.js';

const PACKAGE = '@playwright/test';
const COMMAND = 'playwright';
const LOADING = packageFile('src/frameworks/playwright/loading.cjs');

/** Options of an order: the arguments for node. */
export type PlaywrightOptions = { readonly argv: readonly string[] };

/** Playwright's test runner, with its own JSON report. A file runs in every project of the configuration that includes it. */
export const playwright: Framework = {
  name: 'playwright',

  // Not by its package, which is also installed to drive a browser from another framework's tests.
  detect: ({ names }: ProjectFiles) => [...names].some((name) => name.startsWith('playwright.config.')),

  missing: ({ cwd }: SuiteFolder) => missingPackage(cwd, PACKAGE, COMMAND),

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, PACKAGE),

  async list(folder: SuiteFolder, limits?: ListingLimits): Promise<readonly string[]> {
    const first = await listed(folder, [], limits);
    // Playwright lists nothing if a file cannot be loaded, but names such files: list again without them.
    const all = first.broken.length === 0 ? first : await listed(folder, [...first.broken, ...first.ended], limits);
    const cwd = await realpath(folder.cwd);
    const files = [...all.files, ...first.broken, ...first.ended, ...all.ended].map((path) => relative(cwd, path));
    return [...new Set(files)].sort();
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection }: FileCall): Promise<Invocation> {
    const report = join(scratch, 'report.json');
    const path = join(await realpath(folder.cwd), file);
    return {
      argv: [
        process.execPath,
        ...(await callFor(folder)),
        '--reporter=list,json',
        // Playwright empties this folder at startup, and files run in parallel.
        `--output=${join('test-results', file, basename(scratch))}`,
        ...(selection ? ['--pass-with-no-tests', selectionFlag(selection, path)] : []),
        exactly(path),
      ],
      env: {
        ...plainOutput(folder),
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        PLAYWRIGHT_LAST_RUN_OUTPUT_FILE: join(scratch, 'last-run.json'),
      },
      report: { kind: 'file', path: report },
    };
  },

  warm: {
    isIsolated: true,
    isACall: true,
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const env = { ...plainOutput(folder), PLAYWRIGHT_LAST_RUN_OUTPUT_FILE: join(scratch, 'last-run.json') };
      return { argv: [process.execPath, packageFile('src/frameworks/playwright/session.cjs')], env };
    },
    async order(folder: SuiteFolder, files, _scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const root = await realpath(folder.cwd);
      const paths = files.map((file) => join(root, file));
      const [path = ''] = paths;
      const argv = [
        ...(await callFor(folder)),
        `--reporter=${packageFile('src/frameworks/playwright/reporter.cjs')}`,
        `--output=${join('test-results', `together-${randomUUID()}`)}`,
        ...(selection ? ['--pass-with-no-tests', selectionFlag(selection, path)] : []),
        ...paths.map(exactly),
      ];
      const options: PlaywrightOptions = { argv };
      return { takes: files.length, options };
    },
  },

  read: (evidence: Evidence): Reading => readPlaywrightReport(evidence),
};

/** The arguments common to all calls. One worker, because a slot runs one file at a time; the suite's arguments may override it. */
async function callFor({ cwd, spec }: SuiteFolder): Promise<readonly string[]> {
  return [await binOf(cwd, PACKAGE, COMMAND), 'test', '--workers=1', ...spec.args];
}

/** Both kinds use the same pattern, so that together they cover every case. */
function selectionFlag({ kind, names }: CaseSelection, path: string): string {
  return `--grep${kind === 'only' ? '' : '-invert'}=${titlePattern(names, path)}`;
}

/** Absolute paths. `ended`: they end the process as they are loaded. */
type Listed = Readonly<Record<'files' | 'broken' | 'ended', readonly string[]>>;

/** Lists the files with tests, and those that cannot be loaded. Throws RunnerError LISTING_FAILED. */
async function listed(folder: SuiteFolder, without: readonly string[], limits?: ListingLimits): Promise<Listed> {
  const bin = await binOf(folder.cwd, PACKAGE, COMMAND);
  const words = ['test', ...folder.spec.args, '--list', '--reporter=json'];
  const shown = [COMMAND, ...words];
  const { answer, unloaded } = await runLoadingListing(
    folder,
    ({ answer, at, unloaded }) => {
      const left = [...without, ...unloaded];
      return {
        argv: [process.execPath, `--require=${LOADING}`, bin, ...words, ...(left.length > 0 ? [allBut(left)] : [])],
        env: { HOLDFAST_LOADING: at, PLAYWRIGHT_JSON_OUTPUT_NAME: answer },
      };
    },
    { ...limits, shown },
  );
  const report = parsePlaywrightReport(answer);
  if (report === null) throw listingFailed(shown, answer);
  const problems = problemsOf(report);
  const broken = [...new Set(problems.flatMap(({ location }) => location?.file ?? []))];
  const isKnown = problems.every(({ location }) => location !== undefined);
  if (!isKnown || (without.length > 0 && broken.length > 0))
    throw listingFailed(shown, problems.map(({ message }) => message).join('\n'));
  return { files: report.suites.map(({ file }) => join(report.config.rootDir, file)), broken, ended: unloaded };
}
