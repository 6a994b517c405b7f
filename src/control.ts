import { Worker } from '@temporalio/worker';
import { createControlActivities } from './activities/control/index.js';
import { createClaimChecks, openObjects } from './adapters/objects/index.js';
import { packageFile } from './adapters/package-file.js';
import { compileCodeowners } from './adapters/repository/index.js';
import { openResults, type ResultsPlace } from './adapters/results/index.js';
import { checkingValues } from './adapters/temporal/check-values.js';
import { connectClient } from './adapters/temporal/connection.js';
import { findRunning, findSender, observeRunning } from './adapters/temporal/executions.js';
import { observeFleet } from './adapters/temporal/fleet.js';
import { quietRuntime } from './adapters/temporal/runtime.js';
import { register } from './adapters/temporal/search-attributes.js';
import type { ServerSettings } from './adapters/temporal/server-settings.js';
import { webUrlOf } from './adapters/temporal/web-ui.js';
import { connectWorker } from './adapters/temporal/worker-connection.js';
import { DEFAULTS } from './core/defaults.js';
import { fleetSnapshot } from './core/fleet/fleet.js';
import type { Queues } from './core/model/suite.js';
import { compileGlob } from './frameworks/select.js';
import { stopOnce } from './worker/polling.js';
import { type RunningWorker, workerName } from './worker/running-worker.js';

export type ControlOptions = {
  readonly server: ServerSettings;
  /** Resolves when the server accepts calls. The store is opened meanwhile. */
  readonly serverReady?: Promise<void>;
  readonly queues: Queues;
  readonly results: ResultsPlace;
  readonly objects: string;
  /** Base URL of Temporal's Web UI; null if unknown. */
  readonly webUi: string | null;
  /** Called with a line for each value that is refused because it is not signed or malformed. */
  readonly log: (line: string) => void;
};

const WORKFLOW_BUNDLE = packageFile('dist/workflow-bundle.js');

/**
 * Starts a control worker, which runs the workflows and all bookkeeping. Several may run at once; each step survives a kill at any time.
 * Throws what `openResults`, `connectClient` and `connectWorker` throw.
 */
export async function startControlWorker({
  server,
  serverReady,
  queues,
  results: place,
  objects,
  webUi,
  log,
}: ControlOptions): Promise<RunningWorker> {
  quietRuntime();
  // Connect only afterwards: the first open of an embedded store blocks the event loop for seconds, so a concurrent call would time out.
  const [results] = await Promise.all([openResults(place), serverReady]);
  const [{ connection, client }, native] = await Promise.all([connectClient(server), connectWorker(server)]);
  await register(connection, server.namespace);

  const worker = await Worker.create({
    connection: native,
    namespace: server.namespace,
    taskQueue: queues.control,
    identity: workerName(),
    ...checkingValues(server, log, client),
    workflowBundle: { codePath: WORKFLOW_BUNDLE },
    activities: createControlActivities({
      results,
      claimChecks: createClaimChecks(openObjects(objects)),
      lookAtFleet: async (queue, gone) =>
        fleetSnapshot(await observeFleet(connection, server.namespace, queue), gone, Date.now()),
      lookAtRunning: (execution) => observeRunning(connection, server.namespace, execution),
      senderOf: (activity) => findSender(connection, server.namespace, activity),
      areRunning: (workflowIds) => findRunning(connection, server.namespace, workflowIds),
      compileGlob,
      compileCodeowners,
      webUrlOf: (workflowId) => webUrlOf(webUi, server.namespace, workflowId),
    }),
    maxConcurrentActivityTaskExecutions: DEFAULTS.controlSlots,
    shutdownGraceTime: DEFAULTS.controlGraceMs,
    shutdownForceTime: DEFAULTS.shutdownGraceMs,
  });
  return {
    name: workerName(),
    async run() {
      try {
        await worker.run();
      } finally {
        await results.close();
        await connection.close();
        await native.close();
      }
    },
    stop: () => stopOnce(worker),
  };
}
