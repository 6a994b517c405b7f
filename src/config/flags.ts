import type { Environment } from '../core/model/environment.js';

/** What was said on a command line, by the key of the option; every value as the words it was said in. Nothing is checked yet. */
export type Flags = {
  readonly paths: readonly string[];
  /** Words after `--`, for the framework. */
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, readonly string[]>>;
};

/** A command line that says nothing. */
export const NO_FLAGS: Flags = { paths: [], args: [], values: {} };

/** What was said to a command, apart from the file. `cwd` is the absolute folder it was started in. */
export type Said = { readonly flags: Flags; readonly env: Environment; readonly cwd: string };
