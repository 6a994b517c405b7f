import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { onTestFinished } from 'vitest';
import { addRunFlags, readFlags } from '../../src/cli/run-flags.js';
import type { Flags } from '../../src/config/invocation.js';
import { loadSettings } from '../../src/config/load-settings.js';
import type { Settings } from '../../src/config/settings.js';
import { RunnerError } from '../../src/core/errors.js';
import type { FrameworkName } from '../../src/core/model/frameworks.js';

/** A temporary folder with these files, gone after the test. A content that is no text is written as JSON; a name that ends in `/` is a folder. */
export async function aFolder(files: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-config-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The flags of `run` as the real command line reads them. */
export function flagsOf(...words: readonly string[]): Flags {
  let flags: Flags | undefined;
  const run = addRunFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }));
  run.action(() => {
    flags = readFlags(run);
  });
  new Command('holdfast').addCommand(run).parse(['run', ...words], { from: 'user' });
  if (flags === undefined) throw new Error('The command did not run.');
  return flags;
}

type Said = {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly found?: readonly FrameworkName[];
};

/** The settings of a command started in this folder. */
export function settingsIn(cwd: string, { words = [], env = {}, found = [] }: Said = {}): Promise<Settings> {
  const detectFramework = async () => found.map((name) => ({ name, call: null }));
  return loadSettings({ flags: flagsOf(...words), env, cwd }, { detectFramework });
}

/** The error of what should not succeed. */
export async function refusal(promise: Promise<unknown>): Promise<RunnerError> {
  const error: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof RunnerError) return error;
  throw new Error('It was not refused.', { cause: error });
}

/** The smallest useful suite. */
export const UNIT = { framework: 'command', command: ['sh', '{file}'], include: ['tests/**/*.sh'] } as const;
