import { DEFAULTS } from '../core/defaults.js';
import type { Verdict } from '../core/model/attempt.js';
import { type CaseCounts, countCases, excerptFailures, type FailureExcerpt } from '../core/model/cases.js';
import { reportFile } from '../core/model/report.js';
import type { FileResult } from '../core/model/suite.js';
import type { AttemptReport, FileReport, LossReport } from '../core/model/suite-report.js';

/** What people are shown of a file, whether it has just ended or is read from a report. */
export type FileView = {
  readonly path: string;
  readonly repeat: number;
  readonly verdict: Verdict;
  /** Who answers for it; null where nobody is known to. */
  readonly owner: string | null;
  /** Why it has this verdict, where no attempt of it tells; else null. */
  readonly reason: string | null;
  readonly attempts: readonly AttemptView[];
  readonly losses: readonly LossReport[];
};

export type AttemptView = Omit<AttemptReport, 'cases'> & {
  readonly counts: CaseCounts;
  /** The first failures; `counts.failed` tells how many there are. */
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

/** The view of a file that has just ended, wherever its cases are: their counts and first failures travel with it. */
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
