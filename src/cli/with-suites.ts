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

/** Declares the flags of a command that looks at what is recorded of some suites. */
export function addSuiteFlags(command: Command): Command {
  return addProjectFlags(command.addOption(new OptionFlag('suite', RUN_OPTIONS.suite)));
}

/** What is in force for the suites that are meant. Words that follow the command are its own, not paths of tests. */
export async function suitesOf(io: Io, command: Command): Promise<Settings> {
  const flags = readFlags(command);
  return loadSettings({ flags: { ...flags, paths: [] }, env: io.env, cwd: io.cwd }, { detectFramework });
}

/** The one suite that is meant. Throws USAGE where there are several. */
export function onlyOne<T>(suites: readonly T[]): T {
  const [only, ...others] = suites;
  if (only === undefined || others.length > 0) throw new RunnerError('USAGE', 'Name one suite with --suite.');
  return only;
}

/** The test files of a suite whose code is here. */
export function filesOf(
  { env }: Io,
  { projectRoot }: Pick<Settings, 'projectRoot'>,
  { framework: spec }: SuiteSettings,
  selection: Selection,
): Promise<readonly string[]> {
  const cwd = path.resolve(projectRoot, spec.cwd);
  return listTestFiles({ cwd, spec, env: testEnvironment(env, spec.env) }, selection);
}
