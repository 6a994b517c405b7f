import type { SuiteInput } from '../core/model/suite.js';
import type { ProjectSettings, SuiteSettings } from './settings.js';

/** What is only known about a run when it starts. */
export type RunIdentity = {
  readonly runId: string;
  readonly ciAttempt: number;
  readonly previousRunId: string | null;
  readonly commit: string | null;
  /** Whether a command can merge its coverage; else none is measured. */
  readonly mergesCoverage?: boolean;
};

/** Builds the workflow's input for one suite. */
export function toSuiteInput(settings: ProjectSettings, suite: SuiteSettings, run: RunIdentity): SuiteInput {
  const { name, manual: _, ...options } = suite;
  return {
    ...options,
    framework: run.mergesCoverage ? options.framework : { ...options.framework, coverage: 'off' },
    suite: name,
    runId: run.runId,
    ciAttempt: run.ciAttempt,
    ...(run.previousRunId !== null && { previousRunId: run.previousRunId }),
    ...(settings.owner !== null && { owner: settings.owner }),
    ...(settings.environment !== null && { environment: settings.environment }),
    ...(run.commit !== null && suite.source.kind === 'checkout' && { commit: run.commit }), // For a remote, a worker resolves it.
    queues: settings.queues,
  };
}
