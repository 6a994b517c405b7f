import { EXIT } from '../errors.js';
import type { FileReport, RunCoverage, SuiteReport } from './suite-report.js';

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

/** A part of raw coverage at one address; null: nothing is there. `text`: in base64. */
export type CoveragePiece = { readonly text: string; readonly isLast: boolean } | null;

/** Addresses of the raw coverage that counts: that of each file's deciding attempt, the last one. */
export function coverageThatCounts(files: readonly Pick<FileReport, 'attempts'>[]): readonly string[] {
  return files.flatMap(({ attempts }) => attempts.at(-1)?.coverage ?? []);
}

/** Whether any attempt, whether it counts or not, measured coverage. */
export function measuredCoverage(files: readonly Pick<FileReport, 'attempts'>[]): boolean {
  return files.some(({ attempts }) => attempts.some(({ coverage }) => coverage !== undefined));
}

/** Whether coverage was measured that nobody has merged, so that the verdict of the run is that of its tests. */
export function isCoverageOpen({ run, files }: SuiteReport): boolean {
  return run.exitCode !== EXIT.cancelled && measuredCoverage(files);
}

/**
 * The report of a run whose coverage has been judged: missed thresholds are a red run, missing reports an incomplete one. What was not
 * merged may be judged again.
 */
export function withCoverage({ run, files, ...report }: SuiteReport, verdict: CoverageVerdict): SuiteReport {
  const { status, exitCode } = run.coverage?.tests ?? run;
  const coverage: RunCoverage = { verdict: verdict.kind, reason: reasonOf(verdict), tests: { status, exitCode } };
  return {
    ...report,
    run: { ...run, status, exitCode, ...changesOf(status, verdict), coverage },
    files: isMerged(verdict) ? files.map(withoutAddresses) : files,
  };
}

/** Whether what was measured is no longer needed. */
export const isMerged = ({ kind }: CoverageVerdict): boolean => kind !== 'failed';

/** The verdict on coverage that a report has for good; null if it can still change. */
export function lastingVerdict({ run: { coverage } }: SuiteReport): CoverageVerdict | null {
  return coverage === undefined || coverage.verdict === 'failed' ? null : { kind: coverage.verdict };
}

function withoutAddresses(file: FileReport): FileReport {
  return { ...file, attempts: file.attempts.map(({ coverage: _, ...attempt }) => attempt) };
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
function changesOf(status: SuiteReport['run']['status'], { kind }: CoverageVerdict): Partial<SuiteReport['run']> {
  if (status !== 'passed' || kind === 'met' || kind === 'skipped') return {};
  return kind === 'below'
    ? { status: 'failed', exitCode: EXIT.testsFailed }
    : { status: 'incomplete', exitCode: EXIT.incomplete };
}
