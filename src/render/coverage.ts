import { isCoverageOpen } from '../core/model/coverage.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { oneLine } from './plain.js';
import type { Style } from './style.js';

/** What became of the coverage of a run; null if none was measured. */
export function coverageText(report: SuiteReport, style: Style): string | null {
  const { coverage, suite, id, status } = report.run;
  const command = `holdfast coverage ${oneLine(suite)}/${oneLine(id)}`;
  if (coverage === undefined) return isCoverageOpen(report) ? `measured, not merged: ${command}` : null;
  const because = coverage.tests.status === 'passed' && status !== 'passed' ? ', all tests are green' : '';
  switch (coverage.verdict) {
    case 'met':
      return 'merged; no threshold is missed';
    case 'skipped':
      return style.dim(oneLine(coverage.reason ?? coverage.verdict));
    case 'below':
      return style.red(`${oneLine(coverage.reason ?? coverage.verdict)}${because}`);
    case 'failed':
      return style.red(`${oneLine(coverage.reason ?? coverage.verdict)}${because}; to merge again: ${command}`);
  }
}
