import { type Command, Option } from 'commander';
import type { Flags } from '../config/flags.js';
import type { OptionSpec } from '../config/option.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import { SUITE_OPTIONS } from '../config/suite-options.js';
import { WORKER_OPTIONS } from '../config/worker-options.js';
import { collect } from './collect.js';

type Declared = Readonly<Record<string, Pick<OptionSpec<unknown, never>, 'flags' | 'about' | 'many'>>>;
const OF_A_RUN: Declared = { ...RUN_OPTIONS, ...SUITE_OPTIONS };
const DECLARED: Declared = { ...OF_A_RUN, ...WORKER_OPTIONS };

/** Declares the paths and flags of `run` on a command. Commander only collects them; they are checked with everything else. */
export function addRunFlags(command: Command): Command {
  return addRunOptions(command.argument('[paths...]', 'test files, folders or globs; all of the suite without any'));
}

/** The flags alone, for commands that know by themselves what to run. */
export function addRunOptions(command: Command): Command {
  for (const { flags, about, many } of Object.values(OF_A_RUN)) {
    if (flags !== null)
      command.addOption(many === undefined ? new Option(flags, about) : new Option(flags, about).argParser(collect));
  }
  command.addOption(new Option('--no-warm', 'the same as `--warm off`'));
  return command.addOption(new Option('-x', 'stop after the first failed file').implies({ maxFailures: '1' }));
}

/** What was said on the command line, unchecked. Words after `--` are for the framework. */
export function readRunFlags(command: Command): Flags {
  const args = wordsAfterDashes(command);
  const given = command.opts<Record<string, string | readonly string[] | boolean>>();
  const values = Object.entries(DECLARED).flatMap(([key, { flags }]) => {
    const value = flags === null ? undefined : given[new Option(flags).attributeName()];
    return value === undefined ? [] : [[key, wordsOf(value)] as const];
  });
  return { paths: command.args.slice(0, command.args.length - args.length), args, values: Object.fromEntries(values) };
}

/** A flag that is only named says `true`; its opposite, `--no-…`, switches it off. */
function wordsOf(value: string | readonly string[] | boolean): readonly string[] {
  return typeof value === 'boolean' ? [value ? 'true' : 'off'] : [value].flat();
}

/** Commander hands them over among the paths. */
function wordsAfterDashes(command: Command): readonly string[] {
  let root = command;
  while (root.parent !== null) root = root.parent;
  const words = 'rawArgs' in root && Array.isArray(root.rawArgs) ? root.rawArgs.map(String) : [];
  const at = words.indexOf('--');
  return at < 0 ? [] : words.slice(at + 1);
}
