import type { FrameworkName } from './frameworks.js';

/** A framework that a project uses. */
export type DetectedFramework = {
  readonly name: FrameworkName;
  /** How the project's own test script calls it; null if no script does, or none that can be read. */
  readonly call: ProjectCall | null;
};

/** A call of a framework in a project's own script, as settings of a suite. */
export type ProjectCall = {
  /** Where it is written, such as `scripts.test`. */
  readonly place: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the call, relative to the project. */
  readonly cwd: string;
  /** The program that measures its coverage, with its options, such as `c8 --all`; undefined for none. */
  readonly coverageCommand?: readonly string[];
  /** Options of the script that have no part in a run by Holdfast, such as `--watch`. */
  readonly leftOut: readonly string[];
  /** Parts of the script that only a shell can read; on its first call. */
  readonly unread: readonly string[];
  /** Other commands of the script, such as a build, which no run by Holdfast includes; on its first call. */
  readonly notRun: readonly string[];
};
