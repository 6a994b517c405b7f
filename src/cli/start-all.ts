import { createHash } from 'node:crypto';
import { runOf } from '../client/run.js';
import { type Started, startSuite } from '../client/start.js';
import type { SuiteInput } from '../core/model/suite.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { type LastRun, wasInterrupted } from './last-run.js';

export type StartRequest = {
  /** Inputs of all suites of the command; `runId` is the one asked for, or a fresh one. */
  readonly inputs: readonly SuiteInput[];
  /** Did a person or the CI give the id? A fresh one gives way to an interrupted run of the same request. */
  readonly isIdGiven: boolean;
  readonly lastRun: LastRun | null;
};

/** Starts every suite of a command, or finds the runs that bear its id, or goes on with those that a crash interrupted. */
export async function startAll(
  server: ServerConnection,
  { inputs, isIdGiven, lastRun }: StartRequest,
): Promise<{ started: Started[]; fingerprint: string }> {
  const fingerprint = fingerprintOf(inputs);
  if (!isIdGiven && lastRun && lastRun.fingerprint === fingerprint && wasInterrupted(lastRun)) {
    const interrupted = await Promise.all(lastRun.runs.map(({ suite, runId }) => runOf(server.client, suite, runId)));
    const goOn = await Promise.all(interrupted.map((run) => run.isRunning()));
    if (goOn.some(Boolean)) {
      return { started: interrupted.map((run, index) => ({ kind: goOn[index] ? 'resumed' : 'finished', run })), fingerprint };
    }
  }
  const isRegistered = await server.isRegistered();
  return { started: await Promise.all(inputs.map((input) => startSuite(server.client, input, { isRegistered }))), fingerprint };
}

/** What was asked for, apart from the id and the commit. */
function fingerprintOf(inputs: readonly SuiteInput[]): string {
  const requests = inputs.map(({ runId: _runId, commit: _commit, ...request }) => request);
  return createHash('sha256').update(JSON.stringify(requests)).digest('hex').slice(0, 16);
}
