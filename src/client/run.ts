import { type Client, isGrpcServiceError, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { RunnerError } from '../core/errors.js';
import { type SuiteResult, workflowIdOf } from '../core/model/suite.js';
import type { runSuite } from '../workflows/suite/run-suite.js';

/** A run by its names. */
export type RunName = { readonly suite: string; readonly runId: string };

/** A run on the server, whether it goes on or has ended. */
export type Run = {
  readonly suite: string;
  readonly runId: string;
  readonly workflowId: string;
  /** Throws RUN_UNKNOWN when the server has no such run. */
  find(): Promise<void>;
  /**
   * Waits for the end. Throws RUN_UNKNOWN, RUN_UNREADABLE when it ended without a result (terminated by hand), and SERVER_UNREACHABLE when
   * the server went away meanwhile: the run is kept, ask again.
   */
  result(): Promise<SuiteResult>;
  /** Asks the run to end. False when it has ended already: nothing is changed then. */
  cancel(): Promise<boolean>;
  /** False also when there is no such run. */
  isRunning(): Promise<boolean>;
};

export function runOf(client: Client, suite: string, runId: string): Run {
  const workflowId = workflowIdOf(suite, runId);
  const handle = client.workflow.getHandle<typeof runSuite>(workflowId);
  const describe = () =>
    handle.describe().catch((error: unknown) => {
      throw error instanceof WorkflowNotFoundError ? unknown(suite, runId) : error;
    });
  return {
    suite,
    runId,
    workflowId,
    async find() {
      await describe();
    },
    async result() {
      try {
        return await handle.result();
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) throw unknown(suite, runId);
        if (error instanceof WorkflowFailedError) {
          throw new RunnerError(
            'RUN_UNREADABLE',
            `Run ${runId} of ${suite} ended without a verdict: ${error.cause?.message ?? error.message}.`,
          );
        }
        if (error instanceof ServiceError || isGrpcServiceError(error)) {
          throw new RunnerError('SERVER_UNREACHABLE', `The Temporal server stopped answering: ${error.message}.`, {
            cause: error,
          });
        }
        throw error;
      }
    },
    async cancel() {
      const { status } = await describe();
      if (status.name !== 'RUNNING') return false;
      await handle.cancel();
      return true;
    },
    async isRunning() {
      try {
        return (await handle.describe()).status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

function unknown(suite: string, runId: string): RunnerError {
  return new RunnerError('RUN_UNKNOWN', `There is no run ${runId} of suite ${suite} on this server.`);
}
