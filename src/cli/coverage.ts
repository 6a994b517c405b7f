import path from 'node:path';
import { ask } from '../client/lookup.js';
import { readRawCoverage } from '../client/raw-coverage.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { coverageThatCounts, isCoverageOpen, withCoverage } from '../core/model/coverage.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { mergeCoverage } from '../frameworks/coverage/merge-coverage.js';
import { frameworkOf } from '../frameworks/index.js';
import type { ServerConnection } from '../stack/server-connection.js';

/** Whether coverage can be merged here: merging reads the code that was measured. */
export const canMergeCoverage = ({ source }: Pick<SuiteSettings, 'source'>): boolean => source.kind === 'checkout';

type Judging = {
  readonly settings: Pick<Settings, 'suites' | 'projectRoot' | 'objects'>;
  readonly server: Pick<ServerConnection, 'client' | 'queues'>;
  readonly env: Environment;
  /** Gets what the framework prints about coverage. */
  readonly print: (text: string) => void;
};

/**
 * Returns a function that merges and judges the coverage of a run, once all of its files have ended, and makes the verdict that of the run,
 * here and in its record. A report of which no coverage is to be merged, or not here, comes back unchanged.
 */
export function coverageJudge({ settings, server, env, print }: Judging): (report: SuiteReport) => Promise<SuiteReport> {
  return async (report) => {
    const { run, files } = report;
    const suite = settings.suites.find(({ name }) => name === run.suite);
    const { coverage } = frameworkOf(run.framework);
    if (suite === undefined || !canMergeCoverage(suite) || coverage === undefined || !isCoverageOpen(report)) return report;
    const { framework: spec } = suite;
    const folder = { cwd: path.resolve(settings.projectRoot, spec.cwd), spec, env: testEnvironment(env, spec.env) };
    const values = readRawCoverage(settings.objects, server, coverageThatCounts(files));
    const isGreen = (run.coverage?.tests ?? run).status === 'passed';
    const { verdict: found, output } = await mergeCoverage(coverage, folder, { values, isGreen });
    if (output !== '') print(output);
    const judged = { kind: 'judgeCoverage', suite: run.suite, runId: run.id, verdict: found } as const;
    const { verdict } = await ask(server.client, server.queues, judged);
    return withCoverage(report, verdict);
  };
}
