import type { z } from 'zod';

/** Headings of the options in a command's help, in order. */
export const OPTION_GROUPS = [
  'Which tests',
  'Retries and repetition',
  'Limits',
  'Order and load',
  'Verdict',
  'The run',
  'This machine',
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/** The single declaration of an option: its values, where they may come from, and its documentation. */
export type Option<T> = {
  /** Validates values. Its messages follow "must be". */
  readonly schema: z.ZodType<T>;
  /** Converts the words of a flag or variable to the schema's input. Throws RunnerError. */
  readonly read: (words: readonly string[]) => unknown;
  /** In commander's notation; null without a flag. */
  readonly flags: string | null;
  /** Environment variable; null without one. */
  readonly env: string | null;
  /** Path in its part of the configuration file, such as `worker.slots`; undefined for its own name, null if it is not in the file. */
  readonly key?: string | null;
  readonly default: T;
  /** Describes the default if the value does not speak for itself. */
  readonly defaultText?: string;
  /** Description for help, documentation and editors. */
  readonly about: string;
  /** Page in `docs/` with more information. */
  readonly page?: string;
  readonly group: OptionGroup;
  /** If set, the flag may be repeated, and the variable separates values by this. */
  readonly separator?: ',' | '\n';
  /** `holdfast config` shows it only if it is set. */
  readonly isRare?: true;
  /** Converts the value for `holdfast config`, such as to mask secrets; unchanged if undefined. */
  shown?(value: T): unknown;
};

/** Options by name. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The type of an option's value. */
export type ValueOf<O> = O extends Option<infer T> ? T : never;

/** Replaces a value that must not be shown. */
export const MASK = '***';
