import type { SuiteReport } from '../core/model/suite-report.js';
import { exitCodeOfAll } from '../render/exit-code.js';

/** The JSON result: a single report as it is, several in `{ schemaVersion, exitCode, suites }`. See schema/holdfast.result.schema.json. */
export function toJson(reports: readonly SuiteReport[]): string {
  const [only, ...others] = reports;
  const document =
    only !== undefined && others.length === 0 ? only : { schemaVersion: 1, exitCode: exitCodeOfAll(reports), suites: reports };
  return `${JSON.stringify(document, null, 2)}\n`;
}
