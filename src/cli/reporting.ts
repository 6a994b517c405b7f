import { constants } from 'node:fs';
import { access, appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunnerError } from '../core/errors.js';
import type { Reporter, ReporterSpec } from '../reporters/index.js';
import type { Io } from './io.js';
import { terminalOf } from './terminal.js';

export type Reporting = {
  readonly specs: readonly ReporterSpec[];
  /** Folder of a suite, relative to the root of the repository: where GitHub shows an annotation. */
  readonly folderOf: (suite: string) => string;
};

/** Could the reports be written? Throws OUTPUT_UNWRITABLE before any work is done. */
export async function checkReports(io: Io, specs: readonly ReporterSpec[]): Promise<void> {
  for (const { path: file } of specs) {
    if (file !== null && file !== '-') await checkWritable(path.resolve(io.cwd, file));
  }
}

/** The reporters of a command. */
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

/** Could this file be written? Folders on the way that do not exist yet can be made. */
async function checkWritable(file: string): Promise<void> {
  const refuse = (why: string) => new RunnerError('OUTPUT_UNWRITABLE', `The report cannot be written to ${file}: ${why}.`);
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) throw refuse('it is a folder');
  if (there) {
    await access(file, constants.W_OK).catch(() => {
      throw refuse('it may not be changed');
    });
    return;
  }
  let folder = path.dirname(file);
  for (let found = await stat(folder).catch(() => null); !found?.isDirectory(); found = await stat(folder).catch(() => null)) {
    if (found) throw refuse(`${folder} is no folder`);
    folder = path.dirname(folder);
  }
  await access(folder, constants.W_OK).catch(() => {
    throw refuse(`${folder} may not be written to`);
  });
}
