import type { Environment } from '../core/model/environment.js';

/** A flag as given, such as `--retries`, with its unparsed values. */
export type GivenFlag = { readonly flag: string; readonly words: readonly string[] };

/** A command line, not validated yet. */
export type Flags = {
  readonly paths: readonly string[];
  /** Words after `--`, for the framework. */
  readonly args: readonly string[];
  /** By option name. */
  readonly values: Readonly<Record<string, GivenFlag>>;
};

/** A command line without flags. */
export const NO_FLAGS: Flags = { paths: [], args: [], values: {} };

/** How a command was invoked. `cwd` is absolute. */
export type Invocation = { readonly flags: Flags; readonly env: Environment; readonly cwd: string };
