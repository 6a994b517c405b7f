import type { Client } from '@temporalio/client';
import { createClaimChecks, openObjects } from '../adapters/objects/index.js';
import { OBJECTS } from '../core/border/index.js';
import { RunnerError } from '../core/errors.js';
import { reportPlace } from '../core/model/places.js';
import type { Queues, SuiteResult } from '../core/model/suite.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { ask } from './lookup.js';
import { type RunName, runOf } from './run.js';

/** Reads the report of a finished run from the local object store, or else through a control worker. Throws RUN_UNREADABLE. */
export async function readReport(
  objects: string,
  { client, queues }: { client: Client; queues: Queues },
  result: SuiteResult,
): Promise<SuiteReport> {
  const { suite, runId } = result;
  const here = await readReportHere(objects, suite, runId);
  if (here !== null) return here;
  const { report } =
    result.report === null ? { report: null } : await ask(client, queues, { kind: 'report', address: result.report });
  if (report === null) throw new RunnerError('RUN_UNREADABLE', `The report of run ${runId} of ${suite} was not found.`);
  return report;
}

/** Like `readReport`, for a run given by name. Calls `open` only if the report is not on this machine. Also throws RUN_UNKNOWN. */
export async function readReportOf(
  { suite, runId }: RunName,
  objects: string,
  open: () => Promise<ServerConnection>,
): Promise<SuiteReport> {
  const here = await readReportHere(objects, suite, runId);
  if (here !== null) return here;
  const server = await open();
  const run = runOf(server.client, suite, runId);
  await run.find();
  if (await run.isRunning()) throw new RunnerError('RUN_UNREADABLE', `Run ${runId} of ${suite} is still running.`);
  return readReport(objects, server, await run.result());
}

/** Reads a report without a server; null if it is not in the local object store. */
export async function readReportHere(objects: string, suite: string, runId: string): Promise<SuiteReport | null> {
  return createClaimChecks(openObjects(objects)).readFrom(reportPlace({ suite, runId }), OBJECTS.report);
}
