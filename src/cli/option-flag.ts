import { type Command, Option as CommanderOption } from 'commander';
import { flagName } from '../config/define-option.js';
import type { GivenFlag } from '../config/invocation.js';
import type { Option } from '../config/option.js';
import { collect } from './collect.js';
import { durationWords } from './words.js';

/** A flag that sets a configuration option. Commander only collects its words; they are validated with the rest of the configuration. */
export class OptionFlag extends CommanderOption {
  /** `flags` overrides the option's own spelling. */
  constructor(
    readonly optionName: string,
    option: Option<unknown>,
    flags: string = option.flags ?? '',
  ) {
    super(flags, describe(option, flags));
    if (option.separator !== undefined) this.argParser(collect);
  }
}

function describe({ about, defaultText, default: value, separator }: Option<unknown>, flags: string): string {
  const text = flags.startsWith('--no-') ? `do not ${about}` : about;
  const more = separator === undefined ? '' : '; may be repeated';
  const fallback = defaultText ?? (typeof value === 'number' && flags.includes('<duration>') ? durationWords(value) : value);
  const isShown = fallback !== null && typeof fallback !== 'boolean';
  return `${text}${more}${isShown ? ` (default: ${fallback})` : ''}`;
}

/** The option flags given to a command, by option name. */
export function givenFlags(command: Command): Readonly<Record<string, GivenFlag>> {
  const given = command.options.flatMap((option) => {
    if (!(option instanceof OptionFlag)) return [];
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    if (source !== 'cli' && source !== 'implied') return [];
    return [[option.optionName, { flag: flagName(option.flags), words: wordsOf(command.getOptionValue(name)) }]] as const;
  });
  return Object.fromEntries(given);
}

/** A flag without a value reads as `true`, one that begins with `--no-` as `off`. */
function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'boolean' ? [value ? 'true' : 'off'] : [value].flat().map(String);
}
