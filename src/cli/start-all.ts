import { createHash } from 'node:crypto';
import { runOf } from '../client/run.js';
import { type Started, startSuite } from '../client/start.js';
import type { SuiteInput } from '../core/model/suite.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { type LastRun, wasInterrupted } from './last-run.js';

export type Wish = {
  /** Inputs of all suites of the command; `runId` is the one asked for, or a fresh one. */
  readonly inputs: readonly SuiteInput[];
  /** Did a person or the CI give the id? A fresh one gives way to an interrupted run of the same wish. */
  readonly isIdGiven: boolean;
  readonly lastRun: LastRun | null;
};

/** Starts every suite of a command, or finds the runs that bear its id, or goes on with those that a crash interrupted. */
export async function startAll(
  server: ServerConnection,
  { inputs, isIdGiven, lastRun }: Wish,
): Promise<{ started: Started[]; wish: string }> {
  const wish = fingerprintOf(inputs);
  if (!isIdGiven && lastRun && lastRun.wish === wish && wasInterrupted(lastRun)) {
    const interrupted = await Promise.all(lastRun.runs.map(({ suite, runId }) => runOf(server.client, suite, runId)));
    const goOn = await Promise.all(interrupted.map((run) => run.isRunning()));
    if (goOn.some(Boolean)) {
      return { started: interrupted.map((run, index) => ({ kind: goOn[index] ? 'resumed' : 'finished', run })), wish };
    }
  }
  const isRegistered = await server.isRegistered();
  return { started: await Promise.all(inputs.map((input) => startSuite(server.client, input, { isRegistered }))), wish };
}

/** What was asked for, apart from the id and the commit. */
function fingerprintOf(inputs: readonly SuiteInput[]): string {
  const wishes = inputs.map(({ runId: _runId, commit: _commit, ...wish }) => wish);
  return createHash('sha256').update(JSON.stringify(wishes)).digest('hex').slice(0, 16);
}
