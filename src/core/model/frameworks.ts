/** Report formats a command may write, and the name that selects a case: `outermost` selects a subtest with its whole test. */
export const REPORTS = {
  junit: { selectedBy: 'innermost' },
  tap: { selectedBy: 'outermost' },
  'go-test-json': { selectedBy: 'outermost' },
} as const;

export type ReportKind = keyof typeof REPORTS;
export const REPORT_KINDS = Object.keys(REPORTS) as readonly ReportKind[];

/** Settings of a suite that only some frameworks have. */
export type OwnSettings = {
  /** The words of the command; `{file}` stands for the test file, `{scratch}` for an empty folder of the attempt. */
  readonly command?: readonly string[];
  /** The words of a command that prints the test files: one path per line, or a JSON array. */
  readonly list?: readonly string[];
  /** Words appended to the command to run only the named cases of the file, or all but them. */
  readonly select?: { readonly only: readonly string[]; readonly except: readonly string[] };
  /** The report that the command writes. `path`: relative to the suite's folder, may contain both; undefined: stdout. */
  readonly report?: { readonly kind: ReportKind; readonly path?: string };
  /** The words of a program that runs one file after another: a session. */
  readonly serve?: readonly string[];
};

/** How a framework selects cases of a test file by name. */
export type CaseSelecting = {
  /** How a case is named: by its full name, by its innermost name, or by its outermost group, which selects the whole group. */
  readonly unit: 'case' | 'outermost' | 'innermost';
  /** Arguments by which a suite selects cases itself, in a way that excludes a second selection: its files are not split. */
  readonly takenBy: RegExp | null;
  /** Names that differ only by their tags (`@slow`) cannot be told apart. */
  readonly ignoresTags: boolean;
  /** Name parts that only number the runs of one parametrised test, which are selected together. */
  readonly runNumber?: RegExp;
};

/** Static facts about a framework, for code outside its folder. Whatever needs the framework installed is in its adapter. */
export type FrameworkFacts = {
  /**
   * What one "test file" of its listing is on disk: a file, which stack traces name by its path or only by its name; or a
   * package: a folder whose files have such names.
   */
  readonly unit:
    | { readonly kind: 'file'; readonly namedBy: 'path' | 'name' }
    | { readonly kind: 'package'; readonly testFile: RegExp };
  /** What lists the test files: the framework, or the suite's `include`. */
  readonly listing: 'own' | 'include';
  /** null: its cases cannot be selected, so its files are never split. */
  readonly cases: CaseSelecting | null;
  /** Its own command runs all files in one process, where one may need what others did before it; so can an attempt. */
  readonly company: boolean;
  /** Its sessions run several files in one process as its own command does, each with a result of its own: what `isolation: suite` needs. */
  readonly sharedProcess: boolean;
  /** Arguments that run the cases of a file in random order; null: not supported. */
  readonly shuffleArgs: readonly string[] | null;
  /** Assumed overhead of a call that runs several files, in ms, until the first one is measured; 0: there are no such calls. */
  readonly callMs: number;
  /** How much longer than its recorded duration a file may take in a shared dispatch, in ms. */
  readonly unexpectedMs: number;
  /** The OwnSettings of the framework; most have none. */
  readonly own?: {
    /** Required in a suite of this framework, and makes its `framework` optional. */
    readonly required: keyof OwnSettings;
    readonly optional: readonly (keyof OwnSettings)[];
    /** Enables sessions. */
    readonly session: keyof OwnSettings;
    /** Makes the framework list its files. */
    readonly listing: keyof OwnSettings;
    /** Enables selecting cases. */
    readonly selecting: keyof OwnSettings;
    /** Keys that require another one. */
    readonly needs: Readonly<Partial<Record<keyof OwnSettings, keyof OwnSettings>>>;
    /** The suite that `holdfast init` writes. Suites of other frameworks are named after them and have only `framework`. */
    readonly example: { readonly suite: string; readonly settings: OwnSettings & { readonly include: readonly string[] } };
  };
};

const A_FILE = { kind: 'file', namedBy: 'path' } as const;
const NAME_PATTERN = /^(-t|--testNamePattern|--test-name-pattern)(=|$)/;

/** One row per framework, in the order in which they are detected and listed. */
const FRAMEWORK_FACTS = {
  vitest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: NAME_PATTERN, ignoresTags: false },
    company: false,
    sharedProcess: false,
    shuffleArgs: ['--sequence.shuffle.tests'],
    callMs: 300,
    unexpectedMs: 0,
  },
  jest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: NAME_PATTERN, ignoresTags: false },
    company: false,
    sharedProcess: false,
    shuffleArgs: ['--randomize'],
    callMs: 0,
    unexpectedMs: 0,
  },
  mocha: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    company: true,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  node: {
    unit: A_FILE,
    listing: 'own',
    cases: null,
    company: false,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  playwright: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: /^(-g|-G|--grep|--grep-invert)(=|$)/, ignoresTags: true },
    company: false,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  pytest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    company: true,
    sharedProcess: true,
    shuffleArgs: null,
    callMs: 100,
    unexpectedMs: 0,
  },
  unittest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    company: true,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  go: {
    unit: { kind: 'package', testFile: /[\w.-]+_test\.go/ },
    listing: 'own',
    cases: { unit: 'outermost', takenBy: /^--?(test\.)?(run|skip|list|bench|fuzz)(=|$)/, ignoresTags: false },
    company: false,
    sharedProcess: false,
    shuffleArgs: ['-shuffle=on'],
    callMs: 100,
    unexpectedMs: 1_000, // A changed package has to be linked first.
  },
  rspec: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    company: true,
    sharedProcess: false,
    shuffleArgs: ['--order=random'],
    callMs: 0,
    unexpectedMs: 0,
  },
  junit: {
    unit: { kind: 'file', namedBy: 'name' },
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false, runNumber: /^#\d+$/ },
    company: true,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  command: {
    unit: A_FILE,
    listing: 'include',
    cases: null,
    company: false,
    sharedProcess: false,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
    own: {
      required: 'command',
      optional: ['list', 'select', 'report', 'serve'],
      session: 'serve',
      listing: 'list',
      selecting: 'select',
      needs: { select: 'report' },
      example: { suite: 'unit', settings: { command: ['sh', '{file}'], include: ['tests/**/*.sh'] } },
    },
  },
} as const satisfies Readonly<Record<string, FrameworkFacts>>;

export type FrameworkName = keyof typeof FRAMEWORK_FACTS;

/** All names, in the order of the table. */
export const FRAMEWORKS = Object.keys(FRAMEWORK_FACTS) as readonly FrameworkName[];

/** The row of one framework. */
export function factsOf(name: FrameworkName): FrameworkFacts {
  return FRAMEWORK_FACTS[name];
}

/** Does the framework list the files of such a suite, rather than the suite's `include`? */
export function listsItself({ name, ...settings }: { readonly name: FrameworkName } & OwnSettings): boolean {
  const { listing, own } = factsOf(name);
  return listing === 'own' || (own !== undefined && settings[own.listing] !== undefined);
}

/** How cases are selected in such a suite; null: not at all. */
export function caseSelectingOf({ name, ...settings }: { readonly name: FrameworkName } & OwnSettings): CaseSelecting | null {
  const { cases, own } = factsOf(name);
  if (cases !== null || own === undefined || settings[own.selecting] === undefined || !settings.report) return cases;
  return { unit: REPORTS[settings.report.kind].selectedBy, takenBy: null, ignoresTags: false };
}
