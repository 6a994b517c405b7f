/** The status of a test case as its framework reports it. `skipped` covers todo, pending and disabled cases. */
export type CaseStatus = 'passed' | 'failed' | 'skipped';

/** One test case as its framework reports it. Cases may share a name; all are kept. */
export type TestCase = {
  /** From the outermost group to the case: `['describe', 'it']`. Never empty. */
  readonly name: readonly string[];
  readonly status: CaseStatus;
  readonly durationMs: number;
  /** The first failure message, or why the case was skipped; else null. */
  readonly message: string | null;
  readonly stack?: string;
  /** Retries that the framework made within the attempt. */
  readonly retries?: number;
  /** Output that the framework attributes to this case. */
  readonly output?: string;
};

export type CaseCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const NO_CASES: CaseCounts = { passed: 0, failed: 0, skipped: 0 };

export function countCases(cases: readonly TestCase[]): CaseCounts {
  const counts = { ...NO_CASES } as { -readonly [K in keyof CaseCounts]: number };
  for (const { status } of cases) counts[status] += 1;
  return counts;
}

export function addCounts(a: CaseCounts, b: CaseCounts): CaseCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The start of a failure message: enough to recognise it, small enough to travel with the result. */
export type FailureExcerpt = { readonly name: readonly string[]; readonly message: string };

export function excerptFailures(cases: readonly TestCase[], limits: { count: number; characters: number }): FailureExcerpt[] {
  return cases
    .filter(({ status }) => status === 'failed')
    .slice(0, limits.count)
    .map(({ name, message }) => ({ name, message: clip(message ?? '', limits.characters) }));
}

/** Cuts a text to this many characters; an ellipsis marks the cut. */
export function clip(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
