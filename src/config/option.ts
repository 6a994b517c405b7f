import type { z } from 'zod';

/** Headings of a command's options in its help, in this order. */
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

/** One option, declared once: what it may be, where it may come from, and what people read about it. */
export type Option<T> = {
  /** What it may be. Its messages stand after "must be". */
  readonly schema: z.ZodType<T>;
  /** Turns the words of a flag or variable into what the schema checks. Throws RunnerError. */
  readonly read: (words: readonly string[]) => unknown;
  /** In commander's notation; null: it has no flag. */
  readonly flags: string | null;
  /** null: it has no variable. */
  readonly env: string | null;
  /** Place in its part of the configuration file, such as `worker.slots`; undefined: its own name; null: it is not in the file. */
  readonly key?: string | null;
  readonly default: T;
  /** What the default means, where its value does not say it. */
  readonly defaultText?: string;
  /** What it does, for help, documentation and editors. */
  readonly about: string;
  /** The page in `docs/` that says more. */
  readonly page?: string;
  readonly group: OptionGroup;
  /** The flag may be repeated; the variable separates its values by this. */
  readonly separator?: ',' | '\n';
  /** `holdfast config` shows it only when it is set. */
  readonly isRare?: true;
  /** The value as `holdfast config` may show it; as it is, where this is undefined. */
  shown?(value: T): unknown;
};

/** Options by name. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The type of an option's value. */
export type ValueOf<O> = O extends Option<infer T> ? T : never;

/** Stands for a value that is never shown. */
export const MASK = '***';
