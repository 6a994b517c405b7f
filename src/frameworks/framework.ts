import type { TestCase } from '../core/model/cases.js';
import type { FrameworkName } from '../core/model/frameworks.js';
import type { FrameworkSpec } from '../core/model/suite.js';
import type { CaseSelection } from '../core/plan/split.js';

/** A suite's folder on this machine, with what is needed to call its framework. */
export type SuiteFolder = {
  /** Absolute. Test file paths are relative to it. */
  readonly cwd: string;
  readonly spec: FrameworkSpec;
  /** Environment of the tests. */
  readonly env: Readonly<Record<string, string>>;
  /** Words before each command that runs tests: those that give it a network of its own. */
  readonly within?: readonly [string, ...string[]];
};

/** The words of a command that runs tests in this folder. */
export function wordsWithin({ within }: SuiteFolder, argv: Invocation['argv']): Invocation['argv'] {
  return within === undefined ? argv : [...within, ...argv];
}

/** How long a listing may take: `DEFAULTS.listingTimeoutMs` if nothing else is asked for. */
export type ListingLimits = { readonly timeoutMs?: number };

/** What one call of a framework runs. */
export type FileCall = {
  readonly file: string;
  /** An empty folder owned by the attempt. */
  readonly scratch: string;
  /** Only these cases (see `canBeSplit`). */
  readonly selection?: CaseSelection | undefined;
  /** Files that run before it in the same process (see `FrameworkFacts.company`); report and exit code are those of the file alone. */
  readonly before?: readonly string[] | undefined;
};

/** One call of a framework, for one file. */
export type Invocation = {
  readonly argv: readonly [string, ...string[]];
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the report goes: a file that the framework writes, or stdout. */
  readonly report: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stdout' } | { readonly kind: 'none' };
};

/** How to start a session process. `endGraceMs`: how long it may take to end, once it is no longer needed; by default it is killed. */
export type SessionInvocation = Pick<Invocation, 'argv' | 'env'> & { readonly endGraceMs?: number };

/** What an adapter puts into a `run` order (see pool/protocol.ts). */
export type SessionOrder = {
  /** How many of the requested files the order takes, counted from the first. The session answers for each as it ends. */
  readonly takes: number;
  /** Passed through to the framework's session program. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Added to the environment variables of the attempt. */
  readonly env?: Readonly<Record<string, string>>;
  /** Path of the report file; undefined when the answer carries the report. */
  readonly reportPath?: string;
  /** Folder with the raw coverage of its file; undefined when the answer names it, or none is measured. */
  readonly coverage?: string;
};

/** How a framework runs files in sessions: processes that run one file after another. */
export interface WarmSupport {
  /** True if no state of one order survives into the next. Otherwise files get whatever isolation the framework itself provides. */
  readonly isIsolated: boolean;
  /**
   * True if each order is a full call of the framework. That pays off for several files, or for one that is short compared with
   * the call itself.
   */
  readonly isACall?: true;
  /** Whether this suite, or this selection of a file's cases, can run in a session. Undefined: all can. */
  isFor?(folder: SuiteFolder, selection?: CaseSelection): boolean;
  /** The session also answers `list` orders, with the result of `list` or with `cannot`. */
  readonly lists?: true;
  /** `scratch` is an empty folder owned by the session. `cache` outlives it, but its contents may disappear at any time. */
  start(folder: SuiteFolder, scratch: string, cache: string): Promise<SessionInvocation>;
  /** Builds an order for the first of these files, and as many more as it takes together. `scratch` creates an empty folder. */
  order(
    folder: SuiteFolder,
    files: readonly [string, ...string[]],
    scratch: () => Promise<string>,
    selection?: CaseSelection,
  ): Promise<SessionOrder>;
}

/** Raw coverage of the attempts that count, on this machine. */
export type GatheredCoverage = {
  /** A folder with one for each attempt, in order, and its files in it. */
  readonly raw: string;
  /** Whether some of it was measured where the code has another path. */
  readonly isMoved: boolean;
  /** An empty folder for whatever merging needs. */
  readonly scratch: string;
  /** Whether no test failed: some frameworks report coverage only then. */
  readonly isGreen: boolean;
};

/** A call that merges raw coverage; its output is for people. */
export type CoverageCall = Pick<Invocation, 'argv' | 'env'> & {
  /** Exit codes. With the first two the reports are written: all thresholds are met, or one is not. */
  readonly met: readonly number[];
  readonly below: readonly number[];
  /** By its own settings, the project reports no coverage of a red run. */
  readonly skipped?: readonly number[];
  /** The part of its output that is about coverage; all of it, if undefined. */
  readonly shown?: (output: string) => string;
};

/**
 * How a framework measures coverage. Attempts measure it if the project's own command does or the suite's `coverage` is `on`, and write it
 * raw: to the folder `coverage` in the scratch folder of an invocation, or to one that the answer of a session names.
 */
export interface CoverageSupport {
  /** It is measured around the framework's command, by c8 or nyc (`coverageCommand`). */
  readonly isAround?: true;
  /**
   * How to merge what the attempts have written, in one call: it writes the reports that the project asks for and judges its thresholds,
   * with the framework's own parts.
   */
  merge(folder: SuiteFolder, gathered: GatheredCoverage): Promise<CoverageCall>;
}

/** What an invocation leaves behind when its process ends on its own. */
export type Evidence = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** null: there is no report. */
  readonly reportText: string | null;
  /** Whether a report was requested; only `command` works without one. */
  readonly reportExpected?: boolean;
  readonly durationMs: number;
  /** The test file, relative to `cwd`. */
  readonly file: string;
  readonly cwd: string;
  readonly spec: FrameworkSpec;
  /** The requested cases. Undefined: all of them. */
  readonly selection?: CaseSelection;
};

/** The outcome read from the evidence. `left` is the number of cases that the selection left out, if the framework reports it. */
export type Reading = {
  readonly cases: readonly TestCase[];
  readonly left?: number;
  /** Duration of the file itself, without the start of the framework; if that is reported. */
  readonly ownMs?: number;
  /** What kept the process alive after its cases had ended, such as `Timeout`; it was ended then. Undefined: it ended by itself. */
  readonly stayedOpen?: readonly string[];
  /** After its last case something was open that could still have changed the exit code: a session cannot judge this file. */
  readonly leavesOpen?: boolean;
} & (
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  /** The process died, or exited before its report was complete. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'noTests'; readonly isError: boolean }
  /** The machine could not run the file: the framework is missing, the folder is gone. Not the test's fault. */
  | { readonly kind: 'couldNotRun'; readonly reason: string }
);

/** What framework detection looks at. */
export type ProjectFiles = {
  /** The suite's folder, absolute. */
  readonly cwd: string;
  /** Names of the files and folders in `cwd`. */
  readonly names: ReadonlySet<string>;
  /** null: there is no package.json. */
  readonly packageJson: { readonly dependencies: ReadonlySet<string>; readonly scripts: Readonly<Record<string, string>> } | null;
  /** The text of a file in `cwd`; empty if there is no such file. */
  readText(name: string): Promise<string>;
};

/** The command line of a framework, as scripts of a project call it. */
export type CommandLine = {
  /** Names of its program. */
  readonly programs: readonly string[];
  /** The arguments of a call that runs tests, from the words after the program; null if the call does something else. */
  argsOf?(words: readonly string[]): readonly string[] | null;
  /** Options whose value is the next word. */
  readonly valued: readonly string[];
  /** Options that Holdfast sets itself, or that need a whole run in one process: no part of a suite's arguments. */
  readonly leftOut: readonly string[];
  /** Whether it expands globs itself. */
  readonly readsGlobs: boolean;
};

/**
 * The adapter for one test framework. Nothing outside the worker assumes one process per file, so an adapter may run files in
 * sessions (`warm`) or run only a selection of a file's cases.
 */
export interface Framework {
  readonly name: FrameworkName;
  /** How scripts call it; undefined if they are not read for it. */
  readonly commandLine?: CommandLine;
  /** Whether the project uses this framework. */
  detect(project: ProjectFiles): boolean | Promise<boolean>;
  /**
   * Returns a sentence naming what is missing to run the framework in this folder, or null. Fast: avoids starting a process if
   * possible.
   */
  missing(folder: SuiteFolder): Promise<string | null>;
  /** The installed version; null if it cannot be determined. Call only if `missing` returns null. */
  version(folder: SuiteFolder): Promise<string | null>;
  /**
   * Returns the test files found by the framework's own discovery: sorted, relative to `cwd`, with `/` separators. Throws
   * RunnerError LISTING_FAILED with the framework's message. A file that cannot be loaded, or that ends the process as it is loaded, is
   * listed, and fails when it runs. `limits`: for a listing that loads the files.
   */
  list(folder: SuiteFolder, limits?: ListingLimits): Promise<readonly string[]>;
  /**
   * Sentences, without their subject, on what a run does otherwise than the framework's own command, with the configuration in this
   * folder. Call only if `missing` returns null.
   */
  remarks?(folder: SuiteFolder): Promise<readonly string[]>;
  /** How to run one file. */
  invoke(folder: SuiteFolder, call: FileCall): Promise<Invocation>;
  /** Undefined: coverage is off, whatever the project's command does. */
  readonly coverage?: CoverageSupport;
  /** Undefined: the framework has no sessions. */
  readonly warm?: WarmSupport;
  /** Pure. Judges what an invocation left behind. */
  read(evidence: Evidence): Reading;
  /** Human-readable form of a report that goes to stdout. */
  humanOutput?(reportText: string, folder: SuiteFolder): string;
}
