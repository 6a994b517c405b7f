import { Client } from '@temporalio/client';
import type { ListedRun } from '../core/model/listed-run.js';
import { SEARCH_ATTRIBUTES } from '../core/model/search-attributes.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { ask } from './lookup.js';

/**
 * Lists running runs, known to the server, and ended ones from the results store, newest first without duplicates. Throws
 * RUN_UNREADABLE.
 */
export async function listRuns(server: ServerConnection, limit: number): Promise<ListedRun[]> {
  const active = await activeRuns(server);
  const { runs } = await ask(server.client, server.queues, { kind: 'runs', limit });
  const names = new Set(active.map(({ suite, runId }) => `${suite}/${runId}`));
  const ended = runs.filter(({ suite, runId, finishedAtMs }) => !names.has(`${suite}/${runId}`) && finishedAtMs !== null);
  return [...active, ...ended].sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, limit);
}

/** Lists the runs that are running now. It reads nothing that is signed, so a stranger's run cannot make it fail. */
export async function activeRuns({ connection, namespace, queues }: ServerConnection): Promise<ListedRun[]> {
  const { workflow } = new Client({ connection, namespace });
  const active: ListedRun[] = [];
  const query = `ExecutionStatus = 'Running' AND WorkflowType = 'runSuite' AND TaskQueue = '${queues.control}'`;
  for await (const { workflowId, startTime, searchAttributes } of workflow.list({ query })) {
    const [, suite, runId] = workflowId.split('/');
    if (suite === undefined || runId === undefined) continue;
    const attribute = (name: string) => {
      const [value] = searchAttributes[name] ?? [];
      return typeof value === 'string' ? value : null;
    };
    active.push({
      suite,
      runId,
      status: 'running',
      startedAtMs: startTime.getTime(),
      finishedAtMs: null,
      owner: attribute(SEARCH_ATTRIBUTES.owner),
      commit: attribute(SEARCH_ATTRIBUTES.commit),
      totals: null,
    });
  }
  return active;
}
