import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { RunnerError } from '../../core/errors.js';
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
import { byFullName, leaveSelection } from '../leave-selection.js';
import { runListingToFile } from '../listing.js';
import { plainOutput } from '../plain-output.js';
import { findPackage, missingPackage, versionOfPackage } from '../resolve.js';
import { readMochaReport } from './report.js';

const listed = z.array(z.string());

/** mocha, with a reporter of Holdfast's own beside its `spec`: see docs/decisions/0004-frameworks-own-reporters.md. */
export const mocha: Framework = {
  name: 'mocha',

  detect({ packageJson, names }: ProjectFiles): boolean {
    return Boolean(packageJson?.dependencies.has('mocha')) || [...names].some((name) => name.startsWith('.mocharc.'));
  },

  missing: ({ cwd }: SuiteFolder) => missingPackage(cwd, 'mocha'),

  version: ({ cwd }: SuiteFolder) => versionOfPackage(cwd, 'mocha'),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const settings = { mocha: (await installed(folder)).folder, args: folder.spec.args };
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

  async invoke(folder: SuiteFolder, file: string, scratch: string, selection?: CaseSelection): Promise<Invocation> {
    const report = join(scratch, 'report.jsonl');
    const found = await installed(folder);
    const settings = {
      mocha: found.folder,
      args: folder.spec.args,
      report,
      file,
      ...(selection && { selection: await leaveSelection(selection, scratch) }),
    };
    const words = ['--config', packageFile('src/frameworks/mocha/config.cjs'), '--no-package', '--no-color', `./${file}`];
    return {
      argv: [process.execPath, found.bin, ...words],
      env: { ...plainOutput(folder), HOLDFAST_MOCHA: JSON.stringify(settings) },
      report: { kind: 'file', path: report },
    };
  },

  warm: {
    isIsolated: false,
    believed: 'green',
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      const found = await installed(folder);
      const settings = { mocha: found.folder, args: folder.spec.args };
      return {
        argv: [process.execPath, packageFile('src/frameworks/mocha/session.cjs')],
        env: { ...plainOutput(folder), HOLDFAST_MOCHA: JSON.stringify(settings) },
      };
    },
    async order(_folder: SuiteFolder, files, _scratch, selection?: CaseSelection): Promise<SessionOrder> {
      return { takes: files.length, options: selection ? { selection: byFullName(selection) } : {} };
    },
  },

  read: (evidence: Evidence): Reading => readMochaReport(evidence),
};

/** The reporter and the listing need mocha's folder, its command alone is not enough. */
async function installed({ cwd }: SuiteFolder): Promise<{ folder: string; bin: string }> {
  const found = await findPackage(cwd, 'mocha');
  if (!found?.bin) throw new RunnerError('FRAMEWORK_MISSING', `${await missingPackage(cwd, 'mocha')}`);
  return { folder: found.folder, bin: found.bin };
}
