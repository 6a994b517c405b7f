import { Worker } from '@temporalio/worker';
import { checkingValues } from '../../src/adapters/temporal/check-values.js';
import { quietRuntime } from '../../src/adapters/temporal/runtime.js';
import type { ServerSettings } from '../../src/adapters/temporal/server-settings.js';
import { connectWorker } from '../../src/adapters/temporal/worker-connection.js';
import type { RunFilesInput } from '../../src/core/border/index.js';
import { identityOf } from '../../src/core/fleet/identity.js';
import { queueOfWorker } from '../../src/core/model/suite.js';

export type OddAnswers = {
  readonly discover: () => Promise<unknown>;
  readonly runFiles: (input: RunFilesInput) => Promise<unknown>;
};

/** A test worker with a key of the fleet that answers as the test says: one of another version, or one with a bug. */
export async function startOddWorker(
  server: ServerSettings,
  { name, testsQueue, slots = 4 }: { readonly name: string; readonly testsQueue: string; readonly slots?: number },
  answers: OddAnswers,
): Promise<{ stop(): Promise<void> }> {
  quietRuntime();
  const connection = await connectWorker(server);
  const workers = await Promise.all(
    [testsQueue, queueOfWorker(testsQueue, name)].map((taskQueue) =>
      Worker.create({
        ...checkingValues(server, () => undefined),
        connection,
        taskQueue,
        identity: identityOf({ worker: name, slots, memoryMb: null, sick: null }),
        activities: answers,
        maxConcurrentActivityTaskExecutions: slots,
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
