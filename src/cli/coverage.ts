import path from 'node:path';
import { objectKey, openObjects } from '../adapters/objects/index.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { EXIT } from '../core/errors.js';
import { coveragePlace, coverageThatCounts, measuredCoverage, withCoverage } from '../core/model/coverage.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { mergeCoverage } from '../frameworks/coverage/merge-coverage.js';
import { frameworkOf } from '../frameworks/index.js';
import { needsStack } from '../stack/server-connection.js';
import type { Io } from './io.js';

/** Whether coverage can be merged: the suite's code, and what is measured, are both on this machine at the end. */
export function isMergedHere({ env }: Pick<Io, 'env'>, { withWorkers }: Settings, { source }: SuiteSettings): boolean {
  return source.kind === 'checkout' && needsStack({ env, withWorkers });
}

/**
 * Returns a function that merges and judges the coverage of a run, once all of its files have ended. Reports without raw coverage
 * come back unchanged. `print` gets what the framework prints about it.
 */
export function coverageJudge(
  { suites, projectRoot, objects: place }: Pick<Settings, 'suites' | 'projectRoot' | 'objects'>,
  env: Environment,
  print: (text: string) => void,
): (report: SuiteReport) => Promise<SuiteReport> {
  const objects = openObjects(place);
  return async (report) => {
    const { run, files } = report;
    const suite = suites.find(({ name }) => name === run.suite);
    const { coverage } = frameworkOf(run.framework);
    if (suite === undefined || coverage === undefined || run.exitCode === EXIT.cancelled || !measuredCoverage(files))
      return report;
    const { framework: spec } = suite;
    const folder = { cwd: path.resolve(projectRoot, spec.cwd), spec, env: testEnvironment(env, spec.env) };
    const values = coverageThatCounts(files).map((address) => () => objects.get(address));
    const { verdict, output } = await mergeCoverage(coverage, folder, { values, isGreen: run.status === 'passed' });
    if (output !== '') print(output);
    const judged = withCoverage(report, verdict);
    const { suite: name, id: runId } = run;
    await objects.put(objectKey('runs', name, runId, 'report.json'), JSON.stringify(judged)); // For `holdfast show`.
    await objects.removeBelow(objectKey(...coveragePlace({ suite: name, runId })));
    return judged;
  };
}
