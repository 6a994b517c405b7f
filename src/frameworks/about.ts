/** The situations in which docs/frameworks.md compares frameworks, with their descriptions there. */
export const SITUATIONS = {
  passes: 'tests pass',
  fails: 'a test fails',
  noTests: 'no test in the file',
  allSkipped: 'every test is skipped',
  killed: 'the process kills itself (SIGKILL)',
  exitsZero: 'a test calls `exit(0)`',
  syntaxError: 'syntax error',
  missingImport: 'missing import',
  noSuchFile: 'no such file',
} as const;

export type Situation = keyof typeof SITUATIONS;

/** Situations in which what is around the cases decides, with their descriptions in docs/frameworks.md. */
export const ENDINGS = {
  exitsWhenLoaded: 'leaves with 0 as it is loaded',
  setUpThrows: 'the set-up of a group throws',
  tearDownThrows: 'its tear-down throws',
  throwsLate: 'a timer or thread throws after the last test',
  rejectsLate: 'a promise, future or thread fails after it',
  exitCode: 'the process leaves with 5',
  staysOpen: 'a server, timer or thread stays open',
} as const;

export type Ending = keyof typeof ENDINGS;

/** How an attempt is judged. `noTestsError`: no tests, and the framework itself treats that as an error. */
export type Judgement = 'passed' | 'failed' | 'crashed' | 'noTests' | 'noTestsError';

/** Describes a framework's sessions. Texts are Markdown for table cells. */
export type SessionAbout = {
  /** Which files run in such a session. Undefined: all. */
  readonly files?: string;
  readonly process: string;
  /** How files are isolated from each other. */
  readonly isolation: string;
};

/**
 * Documentation of a framework, in `src/frameworks/<name>/about.ts`. Read only by `scripts/generate-docs.mjs`, which turns it into
 * tables. Texts are Markdown that fits a table cell or a sentence.
 */
export type About = {
  /** Spelled as in the framework's own documentation. */
  readonly title: string;
  /** What one "test file" is. */
  readonly testFile: string;
  readonly detectedBy: string;
  readonly listedWith: string;
  readonly resultsFrom: string;
  /** Versions that test/real/versions.test.ts runs, with a remark on these or others. */
  readonly versions?: { readonly tried: readonly string[]; readonly remark?: string };
  /** The judgement in each situation, with an optional note. */
  readonly situations: Readonly<Record<Situation, Judgement | readonly [Judgement, note: string]>>;
  /** The same of what is around the cases, where a test has seen it. */
  readonly endings?: Readonly<Partial<Record<Ending, Judgement | readonly [Judgement, note: string]>>>;
  /** A run of selected cases also reports how many cases it left out. */
  readonly countsLeftOut?: true;
  /** Empty: each file runs in its own process. */
  readonly sessions: readonly SessionAbout[];
  /** What prevents sessions, so that each file runs in its own process. */
  readonly noSessionsWith?: string;
};
