import type { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import type { Option } from './option.js';
import { toBoolean, toMs, toNumber } from './parse.js';
import { choice, count, flag, globs, milliseconds, text, texts } from './value-schemas.js';

/** An option may be null only if that is its default. */
type WithDefault<T, D> = null extends D ? T | null : T;

/** Properties of every option. Without `env`, the variable is named after the flag: `--max-failures` becomes HOLDFAST_MAX_FAILURES. */
type Declaration<T, D> = Pick<
  Option<WithDefault<T, D>>,
  'about' | 'group' | 'key' | 'page' | 'defaultText' | 'isRare' | 'separator' | 'shown'
> & {
  readonly default: D;
  readonly flags?: string;
  readonly env?: string;
};

/** Defines an option of any type. In the file, null stands for the default. */
export function option<T, D extends T | null>(
  schema: z.ZodType<T>,
  read: (words: readonly string[]) => unknown,
  { flags, env, ...rest }: Declaration<T, D>,
): Option<WithDefault<T, D>> {
  const declared = {
    ...rest,
    schema: rest.default === null ? schema.nullable() : schema,
    read,
    flags: flags ?? null,
    env: env ?? (flags === undefined ? null : variableOf(flags)),
  };
  return declared as Option<WithDefault<T, D>>; // Schema and default are nullable together, which the compiler cannot see.
}

/** An option for a whole number. */
export function number<D extends number | null>({
  least,
  most,
  ...rest
}: { readonly least: number; readonly most?: number } & Declaration<number, D>): Option<WithDefault<number, D>> {
  return option<number, D>(count(least, most), lastWord(toNumber), rest as unknown as Declaration<number, D>);
}

/** An option for a duration: ms in the file, `30s` or `5m` on the command line. */
export function duration<D extends number | null>({
  least = 1,
  most = DEFAULTS.longestMs,
  ...rest
}: { readonly least?: number; readonly most?: number } & Declaration<number, D>): Option<WithDefault<number, D>> {
  return option<number, D>(milliseconds(least, most), lastWord(toMs), rest as unknown as Declaration<number, D>);
}

/** A boolean option. A bare flag means true, one that begins with `--no-` means false. */
export function toggle(declaration: Declaration<boolean, boolean>): Option<boolean> {
  return option<boolean, boolean>(flag, lastWord(toBoolean), declaration);
}

/** An option with a fixed set of values. */
export function oneOf<const W extends readonly [string, ...string[]], D extends W[number] | null>(
  words: W,
  declaration: Declaration<W[number], D>,
): Option<WithDefault<W[number], D>> {
  return option<W[number], D>(choice(words), lastWord(String), declaration);
}

const SWITCH = ['auto', 'on', 'off'] as const;

/** An option that is on, off or decided by the project. A bare flag means on. */
export function switchOf(declaration: Declaration<(typeof SWITCH)[number], 'auto'>): Option<(typeof SWITCH)[number]> {
  return option<(typeof SWITCH)[number], 'auto'>(choice(SWITCH), lastWord(onIfBare), declaration);
}

const onIfBare = (word: string) => (word === 'true' ? 'on' : word);

/** An option for a text; null by default. */
export function optionalText(declaration: Omit<Declaration<string, null>, 'default'>): Option<string | null> {
  return option<string, null>(text, lastWord(String), { ...declaration, default: null });
}

type List = readonly string[];

/** An option for globs; the flag may be repeated. */
export function globList(declaration: Omit<Declaration<List, List>, 'default' | 'separator'>): Option<List> {
  return option<List, List>(globs, asIs, { ...declaration, default: [], separator: '\n' });
}

/** An option for texts; the flag may be repeated. */
export function textList(declaration: Omit<Declaration<List, List>, 'default'>): Option<List> {
  return option<List, List>(texts, asIs, { ...declaration, default: [] });
}

/** An option that can only be set in the file. */
export function fileOnly<T>(
  schema: z.ZodType<T>,
  declaration: Omit<Declaration<T, T>, 'default' | 'shown'> & {
    readonly default: NoInfer<T>;
    shown?(value: NoInfer<T>): unknown;
  },
): Option<T> {
  return option<T, T>(schema, asIs, declaration as Declaration<T, T>) as Option<T>;
}

/** Like `fileOnly`, but null by default. */
export function optionalInFile<T>(schema: z.ZodType<T>, declaration: Omit<Declaration<T, null>, 'default'>): Option<T | null> {
  return option<T, null>(schema, asIs, { ...declaration, default: null });
}

/** Parses the last value of a repeated flag, as is usual on command lines. */
export const lastWord =
  (read: (word: string) => unknown) =>
  (words: List): unknown =>
    read(words.at(-1) ?? '');

const asIs = (words: List): unknown => words;

function variableOf(flags: string): string {
  return `HOLDFAST_${flagName(flags)
    .replace(/^--(no-)?/, '')
    .replaceAll('-', '_')
    .toUpperCase()}`;
}

/** The long name of a flag: `--retries` for `--retries <n>`, `--workers` for `-j, --workers <n>`. */
export function flagName(flags: string): string {
  return flags.match(/--[\w-]+(?!.*--)/)?.[0] ?? flags;
}
