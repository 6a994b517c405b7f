import { type Command, Option } from 'commander';
import type { OptionSpec } from '../config/option.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import { WORKER_OPTIONS } from '../config/worker-options.js';

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

function declare(command: Command, options: readonly Pick<OptionSpec<unknown, never>, 'flags' | 'about'>[]): Command {
  for (const { flags, about } of options) if (flags !== null) command.addOption(new Option(flags, about));
  return command;
}
