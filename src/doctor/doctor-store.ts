import { viewResults } from '../adapters/results/index.js';
import { hasWorkflowWorker } from '../adapters/temporal/fleet.js';
import { ask } from '../client/lookup.js';
import type { ProjectSettings } from '../config/settings.js';
import { resultsPlaceOf } from '../stack/results-place.js';
import type { Reach } from './doctor.js';
import { advice, type Finding, ok, problemOf } from './doctor-finding.js';

const CHECK = 'results store';

/**
 * Checks that the store can be reached, and its schema. PostgreSQL is opened directly; a folder only if no control worker may
 * have it open.
 */
export async function* examineStore(project: ProjectSettings, reach: Reach): AsyncGenerator<Finding> {
  try {
    if (project.databaseUrl !== null || reach.kind === 'nowhere') yield await examineHere(project);
    else if (reach.kind === 'server') yield await examineThroughControl(reach);
  } catch (error) {
    yield problemOf(CHECK, error);
  }
}

async function examineHere(project: ProjectSettings): Promise<Finding> {
  const place = resultsPlaceOf(project);
  const where = place.kind === 'postgres' ? 'PostgreSQL of HOLDFAST_DATABASE_URL' : place.folder;
  const results = await viewResults(place);
  if (results === null) return ok(CHECK, `none yet in ${where}; the first control worker creates it`);
  try {
    return ok(CHECK, `${where}, schema ${await results.schemaVersion()}`);
  } finally {
    await results.close();
  }
}

async function examineThroughControl({ server }: Extract<Reach, { kind: 'server' }>): Promise<Finding> {
  const { client, connection, namespace, queues } = server;
  if (!(await hasWorkflowWorker(connection, namespace, queues.control)))
    return advice(
      CHECK,
      'only control workers can reach it, and none is running.',
      'Start one with `holdfast control`, then check again.',
    );
  const { schemaVersion } = await ask(client, queues, { kind: 'store' });
  return ok(CHECK, `reached through a control worker, schema ${schemaVersion}`);
}
