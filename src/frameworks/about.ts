/** The situations in which docs/frameworks.md compares frameworks, and how it calls them. */
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

/** How an attempt is judged. `noTestsError`: the framework itself calls it an error. */
export type Judgement = 'passed' | 'failed' | 'crashed' | 'noTests' | 'noTestsError';

/** A session of a framework. Texts are Markdown, the cells of a table. */
export type SessionAbout = {
  /** Files it is for; undefined: all. */
  readonly files?: string;
  readonly process: string;
  /** Between two files. */
  readonly isolation: string;
  /** Results that count; a file with another result runs again in its own process. */
  readonly believed: 'green' | 'all';
};

/**
 * What the documentation says of a framework, in `src/frameworks/<name>/about.ts`. The program does not read it: `scripts/generate-docs.mjs`
 * makes tables of it. Texts are Markdown, to stand in a table or a sentence.
 */
export type About = {
  /** As its own documentation spells it. */
  readonly title: string;
  /** What one "test file" is. */
  readonly testFile: string;
  readonly detectedBy: string;
  readonly listedWith: string;
  readonly resultsFrom: string;
  /** Versions that test/real/versions.test.ts runs, and a remark on them and others. */
  readonly versions?: { readonly tried: readonly string[]; readonly remark?: string };
  /** A note may follow. */
  readonly situations: Readonly<Record<Situation, Judgement | readonly [Judgement, note: string]>>;
  /** A part of a file knows how many cases it left to the other parts. */
  readonly countsLeftOut?: true;
  /** Empty: each file has its own process. */
  readonly sessions: readonly SessionAbout[];
  /** What makes a suite run each file in its own process. */
  readonly noSessionsWith?: string;
};
