import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import type { GivenFlag } from './invocation.js';
import type { Option, Options, ValueOf } from './option.js';
import type { Origin } from './settings.js';

/** A value and its origin. */
export type Resolved<T> = {
  readonly value: T;
  readonly origin: Origin;
  /** The flag, the variable or the place in the file; for a default, its description. */
  readonly detail: string;
};

/** Where values can come from, besides defaults. */
export type Sources = {
  /** By option name. */
  readonly flags: Readonly<Record<string, GivenFlag>>;
  readonly env: Environment;
  /** The validated part of the configuration file that has these options. */
  readonly file: object;
  /** Location of that part for messages, such as `holdfast.config.ts suites.unit.`; null without a file. */
  readonly place: string | null;
};

export type ResolvedOptions<O> = { readonly [K in keyof O]: Resolved<ValueOf<O[K]>> };
export type ValuesOf<O> = { readonly [K in keyof O]: ValueOf<O[K]> };

/**
 * Resolves each option: flag over environment over file over default. An empty variable counts as unset, as does null in the file.
 * Throws USAGE with one sentence per invalid value.
 */
export function resolveOptions<O extends Options>(options: O, sources: Sources): ResolvedOptions<O> {
  const problems: string[] = [];
  const entries = Object.entries(options).map(([name, option]) => {
    try {
      return [name, resolve(name, option, sources)] as const;
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      problems.push(error.what);
      return [name, null] as const;
    }
  });
  if (problems.length > 0) throw new RunnerError('USAGE', [...new Set(problems)].join('\n'));
  return Object.fromEntries(entries) as ResolvedOptions<O>; // Each name has its own option's value; a mapped type needs the cast.
}

/** The values without their origins. */
export function valuesOf<O>(resolved: ResolvedOptions<O>): ValuesOf<O> {
  const entries = Object.entries<Resolved<unknown>>(resolved).map(([name, { value }]) => [name, value] as const);
  return Object.fromEntries(entries) as ValuesOf<O>;
}

function resolve<T>(name: string, option: Option<T>, { flags, env, file, place }: Sources): Resolved<T> {
  const given = flags[name];
  if (given !== undefined) return { value: read(option, given.flag, given.words), origin: 'flag', detail: given.flag };
  const text = option.env === null ? undefined : env[option.env];
  if (option.env !== null && text !== undefined && text !== '') {
    const words = option.separator === undefined ? [text] : split(text, option.separator);
    return { value: read(option, option.env, words), origin: 'environment', detail: option.env };
  }
  const { key = name } = option;
  const configured = key === null ? undefined : valueAt(file, key);
  if (configured !== undefined && configured !== null) {
    // Cannot throw: the file has been validated.
    return { value: option.schema.parse(configured), origin: 'file', detail: `${place ?? ''}${key}` };
  }
  return { value: option.default, origin: 'default', detail: option.defaultText ?? '' };
}

function read<T>(option: Option<T>, source: string, words: readonly string[]): T {
  const checked = option.schema.safeParse(option.read(words));
  if (checked.success) return checked.data;
  const given = option.shown === undefined ? JSON.stringify(words.at(-1) ?? '') : 'the given value'; // May be a secret.
  throw new RunnerError('USAGE', `${source} must be ${checked.error.issues[0]?.message}, not ${given}.`);
}

function split(text: string, separator: string): string[] {
  const words = text.split(separator).map((word) => word.trim());
  return words.filter((word) => word !== '');
}

/** The value at a dotted path, such as `worker.slots`. */
function valueAt(file: object, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((part, name) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined), file);
}
