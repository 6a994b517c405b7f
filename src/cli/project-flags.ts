import { type Command, Option } from 'commander';
import { loadProject } from '../config/load-settings.js';
import type { OptionSpec } from '../config/option.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import type { ProjectSettings } from '../config/settings.js';
import { WORKER_OPTIONS } from '../config/worker-options.js';
import type { Io } from './io.js';
import { readRunFlags } from './run-flags.js';

/** Declares the flags of commands that know a project and no run. `readRunFlags` reads them. */
export function addProjectFlags(command: Command, keys: readonly ('config' | 'workers')[] = ['config']): Command {
  return declare(
    command,
    keys.map((key) => RUN_OPTIONS[key]),
  );
}

/** Declares those of a worker. */
export function addWorkerFlags(command: Command): Command {
  return declare(addProjectFlags(command, ['config', 'workers']), Object.values(WORKER_OPTIONS));
}

/** What is in force for a command that knows a project and no run. Its arguments are its own, not paths of tests. */
export function projectOf(io: Io, command: Command): Promise<ProjectSettings> {
  return loadProject({ flags: { ...readRunFlags(command), paths: [] }, env: io.env, cwd: io.cwd });
}

function declare(command: Command, options: readonly Pick<OptionSpec<unknown, never>, 'flags' | 'about'>[]): Command {
  for (const { flags, about } of options) if (flags !== null) command.addOption(new Option(flags, about));
  return command;
}
