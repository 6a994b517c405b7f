import { EXIT } from '../errors.js';
import type { FileReport, SuiteReport } from './suite-report.js';

/** What became of the coverage of a run. */
export type CoverageVerdict =
  /** The reports are written, and no threshold is missed. */
  | { readonly kind: 'met' }
  /** The reports are written; by its own thresholds the project has too little coverage. */
  | { readonly kind: 'below' }
  /** The project wants no reports of a red run. */
  | { readonly kind: 'skipped' }
  /** There are no reports. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Addresses of the raw coverage that counts: that of each file's deciding attempt, the last one. */
export function coverageThatCounts(files: readonly Pick<FileReport, 'attempts'>[]): readonly string[] {
  return files.flatMap(({ attempts }) => attempts.at(-1)?.coverage ?? []);
}

/** Where the raw coverage of a run is in the object store. */
export const coveragePlace = ({ suite, runId }: { readonly suite: string; readonly runId: string }): readonly string[] => [
  'coverage',
  suite,
  runId,
];

/** Whether any attempt, whether it counts or not, measured coverage. */
export function measuredCoverage(files: readonly Pick<FileReport, 'attempts'>[]): boolean {
  return files.some(({ attempts }) => attempts.some(({ coverage }) => coverage !== undefined));
}

/** The report of a run whose coverage has been judged: missed thresholds are a red run, missing reports an incomplete one. */
export function withCoverage({ run, files, ...report }: SuiteReport, verdict: CoverageVerdict): SuiteReport {
  return {
    ...report,
    run: { ...run, coverage: { verdict: verdict.kind, reason: reasonOf(verdict) }, ...changesOf(run, verdict) },
    files: files.map((file) => ({ ...file, attempts: file.attempts.map(({ coverage: _, ...attempt }) => attempt) })),
  };
}

function reasonOf(verdict: CoverageVerdict): string | null {
  switch (verdict.kind) {
    case 'met':
      return null;
    case 'below':
      return 'coverage is below a threshold of the project';
    case 'skipped':
      return 'no coverage is reported of a red run, as the project is configured';
    case 'failed':
      return verdict.reason;
  }
}

/** Only what was green becomes worse: another cause outweighs coverage. */
function changesOf({ status }: SuiteReport['run'], { kind }: CoverageVerdict): Partial<SuiteReport['run']> {
  if (status !== 'passed' || kind === 'met' || kind === 'skipped') return {};
  return kind === 'below'
    ? { status: 'failed', exitCode: EXIT.testsFailed }
    : { status: 'incomplete', exitCode: EXIT.incomplete };
}
