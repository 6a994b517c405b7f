import type { ClaimChecks } from '../../adapters/objects/claim-checks.js';
import type { Codeowners } from '../../adapters/repository/index.js';
import type { ResultsStore } from '../../adapters/results/results-store.js';
import type { Execution } from '../../adapters/temporal/executions.js';
import type { FleetSnapshot, LostWorkers, RunningAttempt } from '../../core/fleet/fleet.js';
import type { CompileGlob } from '../../core/plan/rules.js';

/** All that the activities of a control worker touch of the world. */
export type ControlAdapters = {
  readonly claimChecks: ClaimChecks;
  readonly results: ResultsStore;
  /** The workers that poll a queue of tests and are not gone. */
  readonly lookAtFleet: (testsQueue: string, gone: LostWorkers) => Promise<FleetSnapshot>;
  /** Attempts of a workflow that a worker has begun. */
  readonly lookAtRunning: (execution: Execution) => Promise<readonly RunningAttempt[]>;
  /** Those of these workflows that still run. */
  readonly areRunning: (workflowIds: readonly string[]) => Promise<readonly string[]>;
  readonly compileGlob: CompileGlob;
  /** Who answers for a path of the suite’s folder, by the repository’s own record. */
  readonly compileCodeowners: (codeowners: Codeowners) => (path: string) => string | undefined;
  /** Address of a run in Temporal's Web UI; null where none is known. */
  readonly webUrlOf: (workflowId: string) => string | null;
};
