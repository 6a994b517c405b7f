import type { Environment } from '../core/model/environment.js';

/** A flag as it was given: `--retries`, and its words. */
export type GivenFlag = { readonly flag: string; readonly words: readonly string[] };

/** A command line. Nothing is checked yet. */
export type Flags = {
  readonly paths: readonly string[];
  /** Words after `--`, for the framework. */
  readonly args: readonly string[];
  /** By the names of their options. */
  readonly values: Readonly<Record<string, GivenFlag>>;
};

/** A command line without flags. */
export const NO_FLAGS: Flags = { paths: [], args: [], values: {} };

/** How a command was called. `cwd` is the absolute folder it was started in. */
export type Invocation = { readonly flags: Flags; readonly env: Environment; readonly cwd: string };
