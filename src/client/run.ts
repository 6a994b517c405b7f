import { type Client, isGrpcServiceError, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { received, WORKFLOWS } from '../core/border/index.js';
import { RunnerError } from '../core/errors.js';
import { isRefusal } from '../core/model/refused.js';
import { type SuiteResult, workflowIdOf } from '../core/model/suite.js';
import type { runSuite } from '../workflows/suite/run-suite.js';

/** The name of a run: its suite and run id. */
export type RunName = { readonly suite: string; readonly runId: string };

/** A run on the server, running or ended. */
export type Run = {
  readonly suite: string;
  readonly runId: string;
  readonly workflowId: string;
  /** Checks that the server has this run. Throws RUN_UNKNOWN. */
  find(): Promise<void>;
  /**
   * Waits for the run to end. Throws RUN_UNKNOWN, RUN_UNREADABLE if it ended without a result (such as terminated by hand), or
   * SERVER_UNREACHABLE if the connection was lost meanwhile: the run is not affected, so call again.
   */
  result(): Promise<SuiteResult>;
  /** Requests cancellation. Returns false, without effect, if the run has already ended. Throws RUN_UNKNOWN. */
  cancel(): Promise<boolean>;
  /** Whether the run is running. Also false if it does not exist. */
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
        return received(WORKFLOWS.runSuite.output, await handle.result(), `The result of run ${runId} of ${suite}`);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) throw unknown(suite, runId);
        if (error instanceof WorkflowFailedError) {
          const type = error.cause instanceof ApplicationFailure ? error.cause.type : null;
          throw new RunnerError(
            isRefusal(type) ? type : 'RUN_UNREADABLE',
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
