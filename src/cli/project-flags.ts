import type { Command } from 'commander';
import { loadProject } from '../config/load-settings.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import type { ProjectSettings } from '../config/settings.js';
import { WORKER_OPTIONS } from '../config/worker-options.js';
import type { Io } from './io.js';
import { OptionFlag } from './option-flag.js';
import { readFlags } from './run-flags.js';

/** Declares the flags of a command that concerns a project, not a run. */
export function addProjectFlags(command: Command): Command {
  return command.addOption(new OptionFlag('config', RUN_OPTIONS.config));
}

/** Like `addProjectFlags`, with `--slots` for commands that start a worker; `run` calls it `--workers`. */
export function addSlotFlags(command: Command): Command {
  return addProjectFlags(command).addOption(new OptionFlag('slots', RUN_OPTIONS.slots, '--slots <n>'));
}

/** Declares the flags of `holdfast worker`. */
export function addWorkerFlags(command: Command): Command {
  addSlotFlags(command);
  for (const [name, option] of Object.entries(WORKER_OPTIONS)) command.addOption(new OptionFlag(name, option));
  return command;
}

/** Loads the settings for a command that concerns a project, not a run. Its arguments are not test paths. */
export function projectOf(io: Io, command: Command): Promise<ProjectSettings> {
  return loadProject({ flags: { ...readFlags(command), paths: [] }, env: io.env, cwd: io.cwd });
}
