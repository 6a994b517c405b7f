import type { Command, CommanderError } from 'commander';
import { RunnerError } from '../core/errors.js';

/** Renamed flags by command. An old name is rejected with the new one. */
const RENAMED_FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run: { '--deadline': '--run-timeout' },
  rerun: { '--deadline': '--run-timeout' },
  config: { '--deadline': '--run-timeout' },
  worker: { '--workers': '--slots', '-j': '--slots' },
  dev: { '--workers': '--slots', '-j': '--slots' },
  chaos: { '--workers': '--processes' },
  simulate: { '--workers': '--machines' },
};

/** Renamed subcommands. */
const RENAMED_COMMANDS: Readonly<Record<string, string>> = { 'ctl deadline': 'ctl run-timeout' };

/** Turns a commander error into a sentence that says what is expected, and points to the command's help. */
export function usageErrorOf(error: CommanderError, command: Command): RunnerError {
  const path = pathOf(command);
  const remedy = `See \`holdfast ${[...path, '--help'].join(' ')}\`.`;
  return new RunnerError('USAGE', sentenceOf(error.message.replace(/^error: /, ''), command.name(), path.join(' ')), {
    cause: error,
    remedy,
  });
}

/** Rewrites messages such as `unknown option '--x'\n(Did you mean --y?)`; argument parsers throw only the expected value. */
function sentenceOf(message: string, name: string, path: string): string {
  const [, missing] = /^missing required argument '(.+)'$/.exec(message) ?? [];
  if (missing !== undefined) return `${name} needs a ${missing.replaceAll('|', ' or ')}.`;
  const [, flag, given, wanted] = /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. (.+)$/s.exec(message) ?? [];
  if (flag !== undefined) return `${flag} must be ${wanted}, not ${JSON.stringify(given)}.`;
  const [, word, argument, needed] = /^command-argument value '(.*)' is invalid for argument '(.+)'\. (.+)$/s.exec(message) ?? [];
  if (argument !== undefined) return `${argument} must be ${needed}, not ${JSON.stringify(word)}.`;
  const [, option = ''] = /^unknown option '([^']+)'/.exec(message) ?? [];
  const newFlag = RENAMED_FLAGS[path]?.[option];
  if (newFlag !== undefined) return `${option} is now called ${newFlag}.`;
  const [, subcommand = ''] = /^unknown command '([^']+)'/.exec(message) ?? [];
  const newCommand = RENAMED_COMMANDS[`${path} ${subcommand}`];
  if (newCommand !== undefined) return `\`${path} ${subcommand}\` is now called \`${newCommand}\`.`;
  if (path === 'ctl' && subcommand !== '') return `${message.replaceAll('\n', ' ')}. RUN comes last: \`holdfast ctl pause RUN\`.`;
  if (message === '(outputHelp)') return path === '' ? 'A command is needed.' : `${name} needs a subcommand.`;
  const text = message.replaceAll('\n', ' ').trim();
  return /[.?)]$/.test(text) ? text : `${text}.`;
}

/** The words of a command after `holdfast`. */
function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}
