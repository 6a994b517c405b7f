/** Reports that a command may write, and the name by which it selects a case: a subtest is selected with all of its outermost test. */
export const REPORTS = {
  junit: { selectedBy: 'innermost' },
  tap: { selectedBy: 'outermost' },
  'go-test-json': { selectedBy: 'outermost' },
} as const;

export type ReportKind = keyof typeof REPORTS;

/** Keys of a suite that configure one framework and mean nothing to the others. */
export type OwnSettings = {
  /** The words of the command; `{file}` stands for the test file. */
  readonly command?: readonly string[];
  /** The words of a command that prints the test files: a path a line, or a JSON array. */
  readonly list?: readonly string[];
  /** Words behind those of the command that run these cases of the file, or all others. */
  readonly select?: { readonly only: readonly string[]; readonly except: readonly string[] };
  /** The report that the command writes, and where; without `path` to its standard output. `{file}` allowed, relative to the suite's folder. */
  readonly report?: { readonly kind: ReportKind; readonly path?: string };
  /** The words of a program that runs file after file. */
  readonly serve?: readonly string[];
};

/** How the cases of one test file are selected by their names. */
export type CaseSelecting = {
  /** What is named to select it: each case by all of its names, or by the innermost alone; or only the outermost group, with all that is in it. */
  readonly unit: 'case' | 'outermost' | 'innermost';
  /** Arguments by which a suite selects cases itself: two selections do not add up, so its files stay whole. null: they add up. */
  readonly takenBy: RegExp | null;
  /** Names that differ only by their tags (`@slow`) cannot be told apart. */
  readonly ignoresTags: boolean;
  /** Parts of a name that only number the runs of one test, as those of a parametrised one: it is selected with all of them. */
  readonly runNumber?: RegExp;
};

/** What code outside a framework's folder needs to know of it. What only running it can tell is in its adapter. */
export type FrameworkFacts = {
  /**
   * What one "test file" of its listing is on disk: a file, which stacks and messages name by its path or by its name alone; or a package, which
   * is a folder with files of such names.
   */
  readonly unit:
    | { readonly kind: 'file'; readonly namedBy: 'path' | 'name' }
    | { readonly kind: 'package'; readonly testFile: RegExp };
  /** Who lists the test files: the framework, or the suite by its `include`. */
  readonly listing: 'own' | 'include';
  /** null: its cases cannot be selected, so its files are never split. */
  readonly cases: CaseSelecting | null;
  /** Arguments that run the cases of a file in random order; null: it has none. */
  readonly shuffleArgs: readonly string[] | null;
  /** What a call for several files costs beside the files, in ms, until the first one has been measured; 0: no call is needed. */
  readonly callMs: number;
  /** What a file of such a call may take beyond its recorded duration, in ms. */
  readonly unexpectedMs: number;
  /** Keys of a suite that are for this framework only; most have none. */
  readonly own?: {
    /** A suite of this framework needs it, and a suite that has it needs no `framework`. */
    readonly required: keyof OwnSettings;
    readonly optional: readonly (keyof OwnSettings)[];
    /** Without it no process can be kept. */
    readonly session: keyof OwnSettings;
    /** With it the framework lists its files. */
    readonly listing: keyof OwnSettings;
    /** With it cases can be selected. */
    readonly selecting: keyof OwnSettings;
    /** Keys that mean nothing without another one. */
    readonly needs: Readonly<Partial<Record<keyof OwnSettings, keyof OwnSettings>>>;
    /** The suite that `holdfast init` writes. Of other frameworks it has the name, and nothing but `framework`. */
    readonly example: { readonly suite: string; readonly settings: OwnSettings & { readonly include: readonly string[] } };
  };
};

const A_FILE = { kind: 'file', namedBy: 'path' } as const;
const NAME_PATTERN = /^(-t|--testNamePattern|--test-name-pattern)(=|$)/;

/** A row for each framework, in the order in which they are detected and listed. */
const FRAMEWORK_FACTS = {
  vitest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: NAME_PATTERN, ignoresTags: false },
    shuffleArgs: ['--sequence.shuffle.tests'],
    callMs: 300,
    unexpectedMs: 0,
  },
  jest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: NAME_PATTERN, ignoresTags: false },
    shuffleArgs: ['--randomize'],
    callMs: 0,
    unexpectedMs: 0,
  },
  mocha: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  node: {
    unit: A_FILE,
    listing: 'own',
    cases: null,
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  playwright: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: /^(-g|-G|--grep|--grep-invert)(=|$)/, ignoresTags: true },
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  pytest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    shuffleArgs: null,
    callMs: 100,
    unexpectedMs: 0,
  },
  unittest: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  go: {
    unit: { kind: 'package', testFile: /[\w.-]+_test\.go/ },
    listing: 'own',
    cases: { unit: 'outermost', takenBy: /^--?(test\.)?(run|skip|list)(=|$)/, ignoresTags: false },
    shuffleArgs: ['-shuffle=on'],
    callMs: 100,
    unexpectedMs: 1_000, // A package that has changed is linked.
  },
  rspec: {
    unit: A_FILE,
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false },
    shuffleArgs: ['--order=random'],
    callMs: 0,
    unexpectedMs: 0,
  },
  junit: {
    unit: { kind: 'file', namedBy: 'name' },
    listing: 'own',
    cases: { unit: 'case', takenBy: null, ignoresTags: false, runNumber: /^#\d+$/ },
    shuffleArgs: null,
    callMs: 0,
    unexpectedMs: 0,
  },
  command: {
    unit: A_FILE,
    listing: 'include',
    cases: null,
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

/** Does the framework list the files of such a suite, rather than its \`include\`? */
export function listsItself({ name, ...settings }: { readonly name: FrameworkName } & OwnSettings): boolean {
  const { listing, own } = factsOf(name);
  return listing === 'own' || (own !== undefined && settings[own.listing] !== undefined);
}

/** How cases are selected in such a suite; null: they cannot be. */
export function caseSelectingOf({ name, ...settings }: { readonly name: FrameworkName } & OwnSettings): CaseSelecting | null {
  const { cases, own } = factsOf(name);
  if (cases !== null || own === undefined || settings[own.selecting] === undefined || !settings.report) return cases;
  return { unit: REPORTS[settings.report.kind].selectedBy, takenBy: null, ignoresTags: false };
}
