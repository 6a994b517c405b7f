import { DEFAULTS } from '../core/defaults.js';
import type { Verdict } from '../core/model/attempt.js';
import { type CaseCounts, countCases, excerptFailures, type FailureExcerpt } from '../core/model/cases.js';
import type { Company } from '../core/model/company.js';
import { reportFile } from '../core/model/report.js';
import type { FileResult } from '../core/model/suite.js';
import type { AttemptReport, FileReport, LossReport } from '../core/model/suite-report.js';

/** What people see of a file, whether it has just finished or comes from a report. */
export type FileView = {
  readonly path: string;
  readonly repeat: number;
  readonly verdict: Verdict;
  /** Its owner by CODEOWNERS; null without one. */
  readonly owner: string | null;
  /** Why it has this verdict, when no attempt explains it; else null. */
  readonly reason: string | null;
  readonly company?: Company;
  readonly attempts: readonly AttemptView[];
  readonly losses: readonly LossReport[];
};

export type AttemptView = Omit<AttemptReport, 'cases'> & {
  readonly counts: CaseCounts;
  /** The first failures. `counts.failed` has their number. */
  readonly failures: readonly FailureExcerpt[];
};

/** The view of a file of a report. */
export function viewOfReport(
  { attempts, copies: _, ...file }: FileReport,
  failures: number = DEFAULTS.failureExcerpts,
): FileView {
  const limits = { count: failures, characters: DEFAULTS.messageCharacters };
  const views = attempts.map(({ cases, ...attempt }) => ({
    ...attempt,
    counts: countCases(cases),
    failures: excerptFailures(cases, limits),
  }));
  return { ...file, attempts: views };
}

/** The view of a file that has just finished. Its cases may be stored elsewhere; their counts and first failures are in the result. */
export function viewOfResult(file: FileResult): FileView {
  const completed = file.attempts.flatMap(({ outcome }) => (outcome.kind === 'lost' ? [] : [outcome]));
  const attempts = file.attempts.map((record) =>
    record.outcome.kind === 'lost' ? record : { ...record, outcome: { ...record.outcome, report: NO_REPORT } },
  );
  const view = viewOfReport(reportFile({ ...file, attempts }));
  return {
    ...view,
    attempts: view.attempts.map((attempt, index) => ({
      ...attempt,
      counts: completed[index]?.counts ?? attempt.counts,
      failures: completed[index]?.failures ?? [],
    })),
  };
}

const NO_REPORT = { kind: 'inline', value: [] } as const;
