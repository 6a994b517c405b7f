import type { TestCase } from '../core/model/cases.js';
import type { FrameworkName } from '../core/model/frameworks.js';
import type { FrameworkSpec } from '../core/model/suite.js';
import type { CaseSelection } from '../core/plan/split.js';

/** The folder of a suite on this machine, and how its framework is to be called. */
export type SuiteFolder = {
  /** Absolute. Paths of test files are relative to it. */
  readonly cwd: string;
  readonly spec: FrameworkSpec;
  /** The environment the tests get. */
  readonly env: Readonly<Record<string, string>>;
};

/** One call of a framework for one file. */
export type Invocation = {
  readonly argv: readonly [string, ...string[]];
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the report will be: a file the framework writes, or its standard output. */
  readonly report: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stdout' } | { readonly kind: 'none' };
};

/** How a process is started that runs file after file. */
export type SessionInvocation = Pick<Invocation, 'argv' | 'env'>;

/** How a session is ordered to run the first of some files; pool/protocol.ts has the message that this becomes. */
export type SessionOrder = {
  /** How many of the files, from the first on. It answers for each as soon as it has ended. */
  readonly takes: number;
  /** For the framework's program. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Added to the variables of the attempt. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file with the report; undefined where that is in the answer. */
  readonly reportPath?: string;
};

/** Sessions of a framework: processes that run file after file. */
export interface WarmSupport {
  /**
   * True where nothing of an order is left when the next begins. Otherwise there is the isolation between them that the framework
   * itself gives.
   */
  readonly isIsolated: boolean;
  /**
   * True where the framework starts anew at each order: worth it for several files, and for one whose own part is short beside
   * that.
   */
  readonly isACall?: true;
  /** The suites that have it, and parts of their files; all, when undefined. */
  isFor?(folder: SuiteFolder, selection?: CaseSelection): boolean;
  /** What counts as it is told of a file that ran without others; what does not is run again in a process of its own. */
  readonly believed: 'green' | 'all';
  /** Its process lists the test files too, where an order names none: what `list` would say, or that it cannot. */
  readonly lists?: true;
  /** `scratch` is an empty folder of the process; `cache` outlives it, and what is in it may be gone at any time. */
  start(folder: SuiteFolder, scratch: string, cache: string): Promise<SessionInvocation>;
  /** An order for the first of these files, and as many more as it takes at once. `scratch` makes an empty folder for it. */
  order(
    folder: SuiteFolder,
    files: readonly [string, ...string[]],
    scratch: () => Promise<string>,
    selection?: CaseSelection,
  ): Promise<SessionOrder>;
}

/** All that is left of an invocation when its process has ended by itself. */
export type Evidence = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** null when there is none. */
  readonly reportText: string | null;
  /** Was a report asked for? Only `command` can do without one. */
  readonly reportExpected?: boolean;
  readonly durationMs: number;
  /** The test file, relative to `cwd`. */
  readonly file: string;
  readonly cwd: string;
  /** How the framework was called. */
  readonly spec: FrameworkSpec;
  /** Cases that were asked for; all, when undefined. */
  readonly selection?: CaseSelection;
};

/** What the evidence says. */
/** `left`: cases of the file that were not asked for, where the framework names them. */
export type Reading = { readonly cases: readonly TestCase[]; readonly left?: number } & (
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  /** It died, or exited 0 without a complete report. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'noTests'; readonly isError: boolean }
  /** The machine could not run it: the framework is missing, the folder is gone. Not the test's doing. */
  | { readonly kind: 'couldNotRun'; readonly reason: string }
);

/** What detection looks at. */
export type ProjectFiles = {
  /** The suite's folder, absolute. */
  readonly cwd: string;
  /** Names of the files and folders in it. */
  readonly names: ReadonlySet<string>;
  /** null: there is no package.json. */
  readonly packageJson: { readonly dependencies: ReadonlySet<string>; readonly scripts: Readonly<Record<string, string>> } | null;
  /** The text of a file in the folder; empty when there is none. */
  readText(name: string): Promise<string>;
};

/**
 * All that Holdfast knows of a framework. Nothing outside the worker assumes one process per file:
 * a warm session or a part of a file is another way to fulfil `invoke` and `read`.
 */
export interface Framework {
  readonly name: FrameworkName;
  /** Does this project use it? */
  detect(project: ProjectFiles): boolean | Promise<boolean>;
  /**
   * Returns why it cannot run in this folder (a sentence naming what is missing), or null. Quick: starts no process if it can.
   */
  missing(folder: SuiteFolder): Promise<string | null>;
  /** The version that runs here; null where it does not tell. For one that is not missing. */
  version(folder: SuiteFolder): Promise<string | null>;
  /**
   * Lists the test files with the framework's own listing, relative to `cwd`, `/` between parts, sorted. Throws RunnerError
   * LISTING_FAILED with the framework's message.
   */
  list(folder: SuiteFolder): Promise<readonly string[]>;
  /** How to run one file, or a selection of its cases where `canBeSplit` says so. `scratch` is an empty folder of this attempt. */
  invoke(folder: SuiteFolder, file: string, scratch: string, selection?: CaseSelection): Promise<Invocation>;
  /** Its sessions, where it has them. */
  readonly warm?: WarmSupport;
  /** Pure: judges what an invocation left behind. */
  read(evidence: Evidence): Reading;
  /** Where standard output is a report for programs: the same for people. */
  humanOutput?(reportText: string, folder: SuiteFolder): string;
}
