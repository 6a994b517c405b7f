import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import type { OptionSpec } from './option.js';
import { Mismatch } from './parse.js';
import type { Origin } from './settings.js';

/** A value and who decided it. */
export type Resolved<T> = {
  readonly value: T;
  readonly origin: Origin;
  /** The flag, the variable, or the place in the file; for a default what it means. */
  readonly detail: string;
};

/** What may decide. `file` is the checked part of the configuration file the options are in. */
export type Sources<F> = {
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly env: Environment;
  readonly file: F;
  /** Where the file's part is, for people: `holdfast.config.ts suites.unit.`; null without a file. */
  readonly place: string | null;
};

type Options<F> = Readonly<Record<string, OptionSpec<unknown, F>>>;
export type ValueOf<O> = O extends { readonly fallback: infer T } ? T : never;
export type ResolvedOptions<O> = { readonly [K in keyof O]: Resolved<ValueOf<O[K]>> };

/**
 * Decides each option: flag over environment over file over default. An empty variable counts as not set.
 * Throws USAGE, one sentence for each value that is not what it should be.
 */
export function resolveOptions<F, O extends Options<F>>(options: O, sources: Sources<F>): ResolvedOptions<O> {
  const problems: string[] = [];
  const entries = Object.entries(options).map(([key, option]) => {
    try {
      return [key, resolve(key, option, sources)] as const;
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      problems.push(error.what);
      return [key, null] as const;
    }
  });
  if (problems.length > 0) throw new RunnerError('USAGE', [...new Set(problems)].join('\n'));
  return Object.fromEntries(entries) as ResolvedOptions<O>; // Each key has the value of its own option: a mapped type cannot be built otherwise.
}

function resolve<T, F>(key: string, option: OptionSpec<T, F>, { flags, env, file, place }: Sources<F>): Resolved<T> {
  const words = flags[key];
  const flag = flagName(option);
  if (words !== undefined && flag !== null) return { value: parse(option, flag, words), origin: 'flag', detail: flag };
  const text = option.env === null ? undefined : env[option.env];
  if (option.env !== null && text !== undefined && text !== '') {
    const words = option.many === undefined ? [text] : splitWords(text, option.many);
    return { value: parse(option, option.env, words), origin: 'environment', detail: option.env };
  }
  const configured = option.file?.get(file);
  if (option.file && configured !== undefined && configured !== null) {
    return { value: configured, origin: 'file', detail: `${place ?? ''}${option.file.key}` };
  }
  return { value: option.fallback, origin: 'default', detail: option.fallbackDetail ?? '' };
}

function parse<T, F>(option: OptionSpec<T, F>, said: string, words: readonly string[]): T {
  try {
    return option.parse(words);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const came = option.isSecret ? 'what was given' : JSON.stringify(words.at(-1) ?? '');
    throw new RunnerError('USAGE', `${said} must be ${error.wanted}, not ${came}.`);
  }
}

/** `--retries` of `--retries <n>`, `--workers` of `-j, --workers <n>`. */
function flagName({ flags }: { readonly flags: string | null }): string | null {
  return flags?.match(/--[\w-]+(?!.*--)/)?.[0] ?? null;
}

const splitWords = (text: string, divider: string) =>
  text
    .split(divider)
    .map((word) => word.trim())
    .filter((word) => word !== '');
