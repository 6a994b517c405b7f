import { constants } from 'node:fs';
import { access, appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunnerError } from '../core/errors.js';
import type { Reporter, ReporterSpec } from '../reporters/index.js';
import type { Io } from './io.js';
import { terminalOf } from './terminal.js';

export type Reporting = {
  readonly specs: readonly ReporterSpec[];
  /** Folder of a suite relative to the repository root, for GitHub annotations. */
  readonly folderOf: (suite: string) => string;
};

/** Checks before any work that the reports can be written. Throws OUTPUT_UNWRITABLE. */
export async function checkReports(io: Io, specs: readonly ReporterSpec[]): Promise<void> {
  for (const { path: file } of specs) {
    if (file !== null && file !== '-') await checkWritable(path.resolve(io.cwd, file));
  }
}

/** Creates the reporters of a command; on GitHub Actions these include `github`. */
export async function openReporting(io: Io, { specs, folderOf }: Reporting): Promise<Reporter> {
  const { createReporters } = await import('../reporters/index.js');
  const summaryFile = io.env.GITHUB_STEP_SUMMARY;
  const onGitHub = io.env.GITHUB_ACTIONS === 'true' && !specs.some(({ name }) => name === 'github');
  return createReporters(onGitHub ? [...specs, { name: 'github', path: null }] : specs, {
    stdout: terminalOf(io.stdout, io.env),
    stderr: terminalOf(io.stderr, io.env),
    now: () => performance.now(),
    writeFile: async (file, text) => {
      const target = path.resolve(io.cwd, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
    },
    appendStepSummary: summaryFile ? (text) => appendFile(summaryFile, text) : null,
    folderOf,
  });
}

/** Throws OUTPUT_UNWRITABLE if a file cannot be written. Missing parent folders are fine, as they will be created. */
async function checkWritable(file: string): Promise<void> {
  const refuse = (why: string) => new RunnerError('OUTPUT_UNWRITABLE', `The report cannot be written to ${file}: ${why}.`);
  const existing = await stat(file).catch(() => null);
  if (existing?.isDirectory()) throw refuse('it is a folder');
  if (existing) {
    await access(file, constants.W_OK).catch(() => {
      throw refuse('it is not writable');
    });
    return;
  }
  let folder = path.dirname(file);
  for (let found = await stat(folder).catch(() => null); !found?.isDirectory(); found = await stat(folder).catch(() => null)) {
    if (found) throw refuse(`${folder} is not a folder`);
    folder = path.dirname(folder);
  }
  await access(folder, constants.W_OK).catch(() => {
    throw refuse(`${folder} is not writable`);
  });
}
