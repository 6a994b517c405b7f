/**
 * The library's entry point: what the command line does, for programs.
 *
 * ```ts
 * const project = await openProject({ env }); // The environment variables to use.
 * const [run] = await project.start({ suites: ['unit'] });
 * const { totals } = await project.report(run);
 * await project.close();
 * ```
 *
 * `connectClient` and `startSuite` are for programs without a project: they need only a server and an input.
 */
export { type ClientConnection, connectClient } from './adapters/temporal/connection.js';
export { loadServerSettings, type ServerSettings } from './adapters/temporal/server-settings.js';
export { changeRun } from './client/change-run.js';
export { openProject, type Project, type RunOptions } from './client/open-project.js';
export { readReport } from './client/report.js';
export { type Run, type RunName, runOf } from './client/run.js';
export { type Schedule, type ScheduleSpec, type Schedules, schedulesOf, type Triggered } from './client/schedules.js';
export { type Started, startSuite } from './client/start.js';
export { createWatch, type Running, type RunSnapshot } from './client/watch.js';
export { type ErrorCode, EXIT, type ExitCode, RunnerError } from './core/errors.js';
export type { CaseCounts, CaseStatus, TestCase } from './core/model/cases.js';
export type { Change } from './core/model/change.js';
export type { Environment } from './core/model/environment.js';
export type { FrameworkName } from './core/model/frameworks.js';
export type { Phase, Progress } from './core/model/progress.js';
export {
  type FrameworkSpec,
  type Queues,
  queuesOf,
  type RunStatus,
  type Selection,
  type Source,
  type SuiteInput,
  type SuiteResult,
  type Totals,
  workflowIdOf,
} from './core/model/suite.js';
export type { AttemptReport, FileReport, LossReport, PartReport, SuiteReport } from './core/model/suite-report.js';
