import { realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import {
  canMeasureInSession,
  measured,
  measuredInSession,
  measuringRemarks,
  nodeCoverage,
  type SessionCoverage,
} from '../coverage/node-coverage.js';
import type {
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
import { byFullName, leaveSelection, type SelectionByFullName } from '../leave-selection.js';
import { runListingToFile } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { nodeSession } from '../pool/node-session.js';
import { missingPackage, needPackage, versionOfPackage } from '../resolve.js';
import { readMochaReport } from './report.js';

const listed = z.array(z.string());

/** Settings of all programs in this folder: mocha's package folder and the suite's arguments. */
export type MochaSettings = { readonly mocha: string; readonly args: readonly string[] };
/** Settings of the session program: also where coverage is, if it is measured. */
export type MochaSessionSettings = MochaSettings & { readonly coverage: SessionCoverage | null };
/** Settings of the reporter: paths of the report, of the test file and of a file with the case selection. */
export type MochaReporting = MochaSettings & {
  readonly report: string;
  readonly file: string;
  readonly selection?: string;
  /** Others run before the file, and only it is reported. */
  readonly hasOthers?: true;
};
/** Options of an order. */
export type MochaOptions = { readonly selection?: SelectionByFullName };

/** mocha, with Holdfast's reporter in addition to `spec`: see docs/decisions/0004-frameworks-own-reporters.md. */
export const mocha: Framework = {
  name: 'mocha',
  commandLine: {
    programs: ['mocha'],
    valued: [
      ...[
        '-r',
        '--require',
        '-t',
        '--timeout',
        '--timeouts',
        '-s',
        '--slow',
        '-u',
        '--ui',
        '-g',
        '--grep',
        '-f',
        '--fgrep',
        '--file',
      ],
      ...['-c', '--config', '--package', '--ignore', '--exclude', '--extension', '--spec', '--retries', '-n', '--node-option'],
      ...['-R', '--reporter', '-O', '--reporter-option', '--reporter-options', '-j', '--jobs', '--watch-files', '--watch-ignore'],
      ...['--import', '--loader', '--experimental-loader'],
    ],
    leftOut: [
      '-R',
      '--reporter',
      '-O',
      '--reporter-option',
      '--reporter-options',
      '-w',
      '--watch',
      '-p',
      '--parallel',
      '-j',
      '--jobs',
    ],
    readsGlobs: true,
  },

  detect({ packageJson, names }: ProjectFiles): boolean {
    return Boolean(packageJson?.dependencies.has('mocha')) || [...names].some((name) => name.startsWith('.mocharc.'));
  },

  missing: ({ cwd }: SuiteFolder) => missingPackage(cwd, 'mocha'),

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, 'mocha'),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const settings: MochaSettings = { mocha: (await needPackage(folder.cwd, 'mocha')).folder, args: folder.spec.args };
    const listing = { ...folder, env: { ...folder.env, HOLDFAST_MOCHA: JSON.stringify(settings) } };
    const text = await runListingToFile(listing, (path) => [
      process.execPath,
      packageFile('src/frameworks/mocha/list.cjs'),
      path,
    ]);
    const cwd = await realpath(folder.cwd);
    return listed
      .parse(JSON.parse(text))
      .map((path) => relative(cwd, path))
      .sort();
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection, before = [] }: FileCall): Promise<Invocation> {
    const report = join(scratch, 'report.jsonl');
    const found = await needPackage(folder.cwd, 'mocha');
    const settings: MochaReporting = {
      mocha: found.folder,
      args: folder.spec.args,
      report,
      file,
      ...(selection && { selection: await leaveSelection(selection, scratch) }),
      ...(before.length > 0 && { hasOthers: true }),
    };
    const specs = [...before, file].map((path) => `./${path}`);
    const words = [...(await configuredFor(found.version, scratch)), '--no-package', '--no-color', ...specs];
    return measured(folder, scratch, {
      argv: [process.execPath, found.bin, ...words],
      env: { ...plainOutput(folder), HOLDFAST_MOCHA: JSON.stringify(settings) },
      report: { kind: 'file', path: report },
    });
  },

  remarks: async (folder: SuiteFolder) => measuringRemarks(folder),

  coverage: nodeCoverage,

  warm: {
    isIsolated: false,
    isFor: canMeasureInSession,
    async start(folder: SuiteFolder, scratch: string): Promise<SessionInvocation> {
      const { folder: mocha } = await needPackage(folder.cwd, 'mocha');
      const { env, coverage } = measuredInSession(folder, scratch);
      const settings: MochaSessionSettings = { mocha, args: folder.spec.args, coverage };
      return nodeSession('mocha/session.cjs', settings, { ...plainOutput(folder), ...env });
    },
    async order(_folder: SuiteFolder, files, _scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const options: MochaOptions = selection ? { selection: byFullName(selection) } : {};
      return { takes: files.length, options };
    },
  },

  read: (evidence: Evidence): Reading => readMochaReport(evidence),
};

const CONFIG = 'src/frameworks/mocha/config.cjs';

/** The words that replace what mocha would read of the project by Holdfast's own configuration. Up to version 7 there is `test/mocha.opts` too. */
async function configuredFor(version: string | null, scratch: string): Promise<readonly string[]> {
  const major = Number.parseInt(version ?? '', 10);
  if (major === 6) {
    const config = join(scratch, 'mocharc.js'); // It takes other names for JSON.
    await writeFile(config, `module.exports = require(${JSON.stringify(packageFile(CONFIG))});`);
    return ['--config', config, '--no-opts'];
  }
  return ['--config', packageFile(CONFIG), ...(major === 7 ? ['--no-opts'] : [])];
}
