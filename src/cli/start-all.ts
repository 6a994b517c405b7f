import { createHash } from 'node:crypto';
import { runOf } from '../client/run.js';
import { type Started, startSuite } from '../client/start.js';
import type { SuiteInput } from '../core/model/suite.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { type LastRun, wasInterrupted } from './last-run.js';

export type StartRequest = {
  /** Inputs of all suites of the command; `runId` is the given one or a new one. */
  readonly inputs: readonly SuiteInput[];
  /** Whether the user or the CI gave the id. A generated one gives way to an interrupted run of the same request. */
  readonly isIdGiven: boolean;
  readonly lastRun: LastRun | null;
};

/** Starts every suite of a command, attaches to existing runs of its id, or resumes those that a crash interrupted. */
export async function startAll(
  server: ServerConnection,
  { inputs, isIdGiven, lastRun }: StartRequest,
): Promise<{ started: Started[]; fingerprint: string }> {
  const fingerprint = fingerprintOf(inputs);
  if (!isIdGiven && lastRun && lastRun.fingerprint === fingerprint && wasInterrupted(lastRun)) {
    const interrupted = await Promise.all(lastRun.runs.map(({ suite, runId }) => runOf(server.client, suite, runId)));
    const areRunning = await Promise.all(interrupted.map((run) => run.isRunning()));
    if (areRunning.some(Boolean)) {
      // A stack that has ended since knows it no more.
      await Promise.all(interrupted.map(({ workflowId }) => server.giveEnvironment(workflowId)));
      return {
        started: interrupted.map((run, index) => ({ kind: areRunning[index] ? 'resumed' : 'finished', run })),
        fingerprint,
      };
    }
  }
  const isRegistered = await server.isRegistered();
  return { started: await Promise.all(inputs.map((input) => startSuite(server, input, { isRegistered }))), fingerprint };
}

/** A hash of the request, without run id and commit. */
function fingerprintOf(inputs: readonly SuiteInput[]): string {
  const requests = inputs.map(({ runId: _runId, commit: _commit, ...request }) => request);
  return createHash('sha256').update(JSON.stringify(requests)).digest('hex').slice(0, 16);
}
