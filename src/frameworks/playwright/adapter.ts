import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
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
import { listingFailed, runListing } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { binOf, missingPackage, versionOfPackage } from '../resolve.js';
import { allBut, exactly, titlePattern } from './patterns.js';
import { parsePlaywrightReport, problemsOf, readPlaywrightReport } from './report.js';

const PACKAGE = '@playwright/test';
const COMMAND = 'playwright';

/** Of an order: the words for node. */
export type PlaywrightOptions = { readonly argv: readonly string[] };

/** Playwright's test runner, with its own JSON report. A file runs in all projects of the configuration that have it. */
export const playwright: Framework = {
  name: 'playwright',

  // Not by its package: that is there for whoever drives a browser from tests of another framework too.
  detect: ({ names }: ProjectFiles) => [...names].some((name) => name.startsWith('playwright.config.')),

  missing: ({ cwd }: SuiteFolder) => missingPackage(cwd, PACKAGE, COMMAND),

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, PACKAGE),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const first = await listed(folder, []);
    // It lists nothing where one file cannot be loaded: those that cannot are named, and then left out.
    const all = first.broken.length === 0 ? first.files : [...first.broken, ...(await listed(folder, first.broken)).files];
    const cwd = await realpath(folder.cwd);
    return all.map((path) => relative(cwd, path)).sort();
  },

  async invoke(folder: SuiteFolder, file: string, scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const report = join(scratch, 'report.json');
    const path = join(await realpath(folder.cwd), file);
    return {
      argv: [
        process.execPath,
        ...(await callFor(folder)),
        '--reporter=list,json',
        // It empties the folder at its start, and files run side by side.
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
    believed: 'green', // What goes wrong beside the tests is of no single file.
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

/** The words of every call. A slot is one file at a time; the words of the suite may say otherwise. */
async function callFor({ cwd, spec }: SuiteFolder): Promise<readonly string[]> {
  return [await binOf(cwd, PACKAGE, COMMAND), 'test', '--workers=1', ...spec.args];
}

/** Both kinds use one pattern, so that nothing is left between them. */
function selectionFlag({ kind, names }: CaseSelection, path: string): string {
  return `--grep${kind === 'only' ? '' : '-invert'}=${titlePattern(names, path)}`;
}

/** Files with tests, and those that could not be loaded, by their absolute paths. Throws RunnerError LISTING_FAILED. */
async function listed(
  folder: SuiteFolder,
  without: readonly string[],
): Promise<{ readonly files: readonly string[]; readonly broken: readonly string[] }> {
  const bin = await binOf(folder.cwd, PACKAGE, COMMAND);
  const filter = without.length > 0 ? [allBut(without)] : [];
  const argv = [process.execPath, bin, 'test', ...folder.spec.args, '--list', '--reporter=json', ...filter] as const;
  const { stdout, stderr } = await runListing(folder, argv);
  // Configurations are programs and may print: only the report begins and ends with a brace on a line of its own.
  const report = parsePlaywrightReport(/^\{$[\s\S]*^\}$/m.exec(stdout)?.[0] ?? null);
  if (report === null) throw listingFailed(argv, stderr || stdout);
  const problems = problemsOf(report);
  const broken = [...new Set(problems.flatMap(({ location }) => location?.file ?? []))];
  const isKnown = problems.every(({ location }) => location !== undefined);
  if (!isKnown || (without.length > 0 && broken.length > 0))
    throw listingFailed(argv, problems.map(({ message }) => message).join('\n'));
  return { files: report.suites.map(({ file }) => join(report.config.rootDir, file)), broken };
}
