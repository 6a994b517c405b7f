import { type Command, Option } from 'commander';
import type { Flags } from '../config/invocation.js';
import { OPTION_GROUPS, type Options } from '../config/option.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import { SUITE_OPTIONS } from '../config/suite-options.js';
import { givenFlags, OptionFlag } from './option-flag.js';

const OPTIONS: Options = { ...RUN_OPTIONS, ...SUITE_OPTIONS };

/** Declares the paths and flags of `run` on a command. */
export function addRunFlags(command: Command): Command {
  return addRunOptions(command.argument('[paths...]', 'test files, folders or globs; the whole suite without any'));
}

/** Declares only the flags, for commands that choose the files themselves. */
export function addRunOptions(command: Command): Command {
  const named = Object.entries(OPTIONS).filter(([, { flags }]) => flags !== null);
  for (const [name, option] of named.sort(([, a], [, b]) => OPTION_GROUPS.indexOf(a.group) - OPTION_GROUPS.indexOf(b.group)))
    command.addOption(new OptionFlag(name, option).helpGroup(`${option.group}:`));
  command.addOption(new Option('-x', 'the same as --max-failures 1').implies({ maxFailures: '1' }).helpGroup('Limits:'));
  command.addOption(new Option('--no-warm', 'the same as --warm off').helpGroup('Order and load:'));
  return command.addOption(new Option('--no-coverage', 'measure no coverage').helpGroup('Verdict:'));
}

/** The paths and flags given to a command, not validated yet. Words after `--` are for the framework. */
export function readFlags(command: Command): Flags {
  const args = wordsAfterDashes(command);
  return { paths: command.args.slice(0, command.args.length - args.length), args, values: givenFlags(command) };
}

/** Words after `--`. Commander returns them as part of the arguments. */
function wordsAfterDashes(command: Command): readonly string[] {
  let root = command;
  while (root.parent !== null) root = root.parent;
  const words = 'rawArgs' in root && Array.isArray(root.rawArgs) ? root.rawArgs.map(String) : [];
  const at = words.indexOf('--');
  return at < 0 ? [] : words.slice(at + 1);
}
