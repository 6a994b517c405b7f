import type { ClaimChecks } from '../../adapters/objects/claim-checks.js';
import type { Codeowners } from '../../adapters/repository/index.js';
import type { ResultsStore } from '../../adapters/results/results-store.js';
import type { Execution } from '../../adapters/temporal/executions.js';
import type { FleetSnapshot, LostWorkers, RunningAttempt } from '../../core/fleet/fleet.js';
import type { CompileGlob } from '../../core/plan/rules.js';

/** Everything outside the process that the activities of a control worker use. */
export type ControlAdapters = {
  readonly claimChecks: ClaimChecks;
  readonly results: ResultsStore;
  /** The workers that poll a tests queue, without those that are gone. */
  readonly lookAtFleet: (testsQueue: string, gone: LostWorkers) => Promise<FleetSnapshot>;
  /** Attempts of a workflow that a worker has started. */
  readonly lookAtRunning: (execution: Execution) => Promise<readonly RunningAttempt[]>;
  /** Who answered for an activity, by their own account; null if unknown. */
  readonly senderOf: (activity: Execution & { readonly activityId: string }) => Promise<string | null>;
  /** Which of these workflows are still running. */
  readonly areRunning: (workflowIds: readonly string[]) => Promise<readonly string[]>;
  readonly compileGlob: CompileGlob;
  /** Returns a function that finds the owner of a path, relative to the suite’s folder, in the repository’s CODEOWNERS. */
  readonly compileCodeowners: (codeowners: Codeowners) => (path: string) => string | undefined;
  /** Address of a run in Temporal's Web UI; null if unknown. */
  readonly webUrlOf: (workflowId: string) => string | null;
};
