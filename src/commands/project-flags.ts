import { type Command, Option } from 'commander';
import { RUN_OPTIONS } from '../config/run-options.js';

/** Declares the flags of commands that know a project and no run: its configuration and, for workers, their slots. `readRunFlags` reads them. */
export function addProjectFlags(command: Command, keys: readonly ('config' | 'workers')[] = ['config']): Command {
  for (const key of keys) {
    const { flags, about } = RUN_OPTIONS[key];
    if (flags !== null) command.addOption(new Option(flags, about));
  }
  return command;
}
