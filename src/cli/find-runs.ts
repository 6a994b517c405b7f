import { listRuns } from '../client/list-runs.js';
import type { RunName } from '../client/run.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { readLastRun } from './last-run.js';

/**
 * What a person means by RUN: `<suite>/<run id>`, or a run id alone, or nothing for the runs started last in this folder. A run id alone may
 * stand for several runs, one for each suite of its command. `open` is called only where names alone do not tell. Throws RUN_UNKNOWN.
 */
export async function findRuns(
  text: string | undefined,
  settings: ProjectSettings,
  open: () => Promise<ServerConnection>,
): Promise<readonly RunName[]> {
  const last = await readLastRun(settings);
  if (text === undefined) {
    if (last) return last.runs;
    throw new RunnerError('RUN_UNKNOWN', 'No run was started in this folder yet.');
  }
  const [suite, runId, ...rest] = text.split('/');
  if (suite && runId && rest.length === 0) return [{ suite, runId }];
  const remembered = last?.runs.filter((run) => run.runId === text) ?? [];
  if (remembered.length > 0) return remembered;
  const known = (await listRuns(await open(), ALL)).filter((run) => run.runId === text);
  if (known.length === 0) throw new RunnerError('RUN_UNKNOWN', `There is no run ${JSON.stringify(text)}.`);
  return known;
}

const ALL = 1_000;
