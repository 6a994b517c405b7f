/**
 * The library's door: what the command line does, for programs.
 *
 * ```ts
 * const { client } = await connectClient(loadServerSettings({ TEMPORAL_ADDRESS: '127.0.0.1:7233' }));
 * const { run } = await startSuite(client, input, { isRegistered: false });
 * const { status, totals } = await run.result();
 * ```
 */
export { type ClientConnection, connectClient } from './adapters/temporal/connection.js';
export { loadServerSettings, type ServerSettings } from './adapters/temporal/server-settings.js';
export { changeRun } from './client/change-run.js';
export { readReport } from './client/report.js';
export { type Run, runOf } from './client/run.js';
export { type Schedule, type ScheduleSpec, type Schedules, schedulesOf, type Triggered } from './client/schedules.js';
export { type Started, startSuite } from './client/start.js';
export { createWatch, type Running, type RunSnapshot } from './client/watch.js';
export { type ErrorCode, EXIT, type ExitCode, RunnerError } from './core/errors.js';
export type { CaseCounts, CaseStatus, TestCase } from './core/model/cases.js';
export type { Change } from './core/model/change.js';
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
