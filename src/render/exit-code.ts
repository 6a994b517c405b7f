import { EXIT } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';

/** Worst first. A failure outweighs a missing verdict, because it is certain. */
const BY_WEIGHT: readonly number[] = [EXIT.cancelled, EXIT.testsFailed, EXIT.incomplete, EXIT.noTests, EXIT.ok];

/** The exit code of a command that ran several suites: that of the worst. `ok` without reports. */
export function exitCodeOfAll(reports: readonly SuiteReport[]): number {
  const weight = ({ run }: SuiteReport) => BY_WEIGHT.indexOf(run.exitCode);
  const [worst] = reports.toSorted((a, b) => weight(a) - weight(b));
  return worst?.run.exitCode ?? EXIT.ok;
}
