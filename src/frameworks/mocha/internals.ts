/** Types for the parts of mocha that the programs in this folder use, since mocha ships none: its public API and parts of `lib`. */
export type Options = {
  readonly file?: readonly string[];
  readonly require?: readonly string[];
  /** Positional arguments. */
  readonly _?: readonly string[];
  readonly ignore?: readonly string[];
  readonly extension?: readonly string[];
  readonly recursive?: boolean;
  readonly [name: string]: unknown;
};

export type Test = {
  readonly duration?: number;
  /** Absolute; undefined for a hook of the root suite. */
  readonly file?: string;
  titlePath(): string[];
  fullTitle(): string;
  currentRetry?(): number;
};

export type Suite = {
  tests: Test[];
  readonly suites: readonly Suite[];
  emit(event: string, ...values: readonly unknown[]): void;
};

export type Runner = {
  readonly suite: Suite;
  on(event: string, listener: (test: Test, error: unknown) => void): void;
  once(event: string, listener: () => void): void;
};

/** A reporter class. */
export type Reporter = new (runner: Runner, options: Options) => { ofOthers?: number };

export type Mocha = {
  files: string[];
  readonly suite: Suite;
  loadFilesAsync(...rest: readonly unknown[]): Promise<unknown>;
  unloadFiles(): void;
  run(done: (failures: number) => void): void;
  dispose(): void;
};

type Event = 'EVENT_RUN_BEGIN' | 'EVENT_RUN_END' | 'EVENT_TEST_PASS' | 'EVENT_TEST_FAIL' | 'EVENT_TEST_PENDING';
export type MochaClass = {
  new (options: Options): Mocha;
  readonly prototype: Mocha;
  readonly Runner: { readonly constants: Readonly<Record<Event, string>> };
  readonly reporters: { readonly Spec: Reporter };
};

/** `lib/cli/options`: the options of a command line, merged with the configuration. */
export type LoadOptions = (args: readonly string[]) => Options;
/** `lib/cli/lookup-files`. Throws ERR_MOCHA_NO_FILES_MATCH_PATTERN. */
export type LookupFiles = (spec: string, extensions: readonly string[], recursive: boolean) => string | readonly string[];
/** `lib/cli/node-flags`. */
export type IsNodeFlag = (name: string) => boolean;
/** `lib/cli/run-helpers`: loads the `require`d modules; resolves to options for Mocha. */
export type HandleRequires = (names: readonly string[] | undefined) => Promise<Options>;
