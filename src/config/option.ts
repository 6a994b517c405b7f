import type { Parse } from './parse.js';

/** One option, told once: where it may come from and what it may be. `F` is the part of the configuration file it is in. */
export type OptionSpec<T, F> = {
  /** In commander's words; null when there is no flag. */
  readonly flags: string | null;
  readonly env: string | null;
  /** Where it is in the file, which is checked before; null when it is not. */
  readonly file: { readonly key: string; get(file: F): T | null | undefined } | null;
  readonly parse: Parse<T>;
  readonly fallback: T;
  /** What the default means, where its value does not say it. */
  readonly fallbackDetail?: string;
  readonly about: string;
  /** Repeatable; a variable holds several, divided by this. */
  readonly many?: ',' | '\n';
  /** Never shown. */
  readonly isSecret?: true;
};
