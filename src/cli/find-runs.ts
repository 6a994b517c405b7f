import { listRuns } from '../client/list-runs.js';
import type { RunName } from '../client/run.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { readLastRun } from './last-run.js';

/**
 * Resolves a RUN argument: `<suite>/<run id>`, a run id, or nothing for the runs last started in this folder. A run id may match
 * several runs, one per suite of its command. Calls `open` only if the server has to be asked. Throws RUN_UNKNOWN.
 */
export async function findRuns(
  text: string | undefined,
  settings: ProjectSettings,
  open: () => Promise<ServerConnection>,
): Promise<readonly RunName[]> {
  const lastRun = await readLastRun(settings);
  if (text === undefined) {
    if (lastRun) return lastRun.runs;
    throw new RunnerError('RUN_UNKNOWN', 'No run has been started in this folder yet.');
  }
  const [suite, runId, ...rest] = text.split('/');
  if (suite && runId && rest.length === 0) return [{ suite, runId }];
  const remembered = lastRun?.runs.filter((run) => run.runId === text) ?? [];
  if (remembered.length > 0) return remembered;
  const known = (await listRuns(await open(), ALL)).filter((run) => run.runId === text);
  if (known.length === 0) throw new RunnerError('RUN_UNKNOWN', `There is no run ${JSON.stringify(text)}.`);
  return known;
}

const ALL = 1_000;
