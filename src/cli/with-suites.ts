import path from 'node:path';
import type { Command } from 'commander';
import { loadSettings } from '../config/load-settings.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { testEnvironment } from '../core/model/environment.js';
import type { Selection } from '../core/model/suite.js';
import { detectFramework, listTestFiles } from '../frameworks/index.js';
import type { Io } from './io.js';
import { OptionFlag } from './option-flag.js';
import { addProjectFlags } from './project-flags.js';
import { readFlags } from './run-flags.js';

/** Declares the flags of a command that concerns suites, not a run. */
export function addSuiteFlags(command: Command): Command {
  return addProjectFlags(command.addOption(new OptionFlag('suite', RUN_OPTIONS.suite)));
}

/** Loads the settings of the selected suites. The command's arguments are not test paths. */
export async function suitesOf(io: Io, command: Command): Promise<Settings> {
  const flags = readFlags(command);
  return loadSettings({ flags: { ...flags, paths: [] }, env: io.env, cwd: io.cwd }, { detectFramework });
}

/** Loads the settings of all suites of a project, manual ones too, for a command that concerns runs. */
export function allSuitesOf(io: Io, command: Command): Promise<Settings> {
  const flags = readFlags(command);
  return loadSettings({ flags: { ...flags, paths: [] }, env: io.env, cwd: io.cwd }, { detectFramework, suites: 'all' });
}

/** Returns the only selected suite. Throws USAGE if there are several. */
export function onlyOne<T>(suites: readonly T[]): T {
  const [only, ...others] = suites;
  if (only === undefined || others.length > 0) throw new RunnerError('USAGE', 'Name one suite with --suite.');
  return only;
}

/** Lists the test files of a suite whose code is on this machine. */
export function filesOf(
  { env }: Io,
  { projectRoot }: Pick<Settings, 'projectRoot'>,
  { framework: spec }: SuiteSettings,
  selection: Selection,
): Promise<readonly string[]> {
  const cwd = path.resolve(projectRoot, spec.cwd);
  return listTestFiles({ cwd, spec, env: testEnvironment(env, spec.env) }, selection);
}
