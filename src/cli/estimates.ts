import { viewResults } from '../adapters/results/index.js';
import { hasWorkflowWorker } from '../adapters/temporal/fleet.js';
import { ask } from '../client/lookup.js';
import { DEFAULTS } from '../core/defaults.js';
import { type Estimates, estimatesOf } from '../core/history/durations.js';
import { resultsPlaceOf } from '../stack/results-place.js';
import { openServerIfUp, type ServerOptions } from '../stack/server-connection.js';

/**
 * Reads the estimates that a run of each suite would use, without starting anything. If no server is up, they come from the
 * project's own store. Returns an empty map if there is no store, or if the server has no control worker to answer.
 */
export async function readEstimates(suites: readonly string[], options: ServerOptions): Promise<ReadonlyMap<string, Estimates>> {
  const server = await openServerIfUp(options);
  if (server === null) return readHere(suites, options);
  try {
    const { client, connection, namespace, queues, stack } = server;
    // An embedded stack has a control worker; one that has just started polling is not listed yet.
    if (stack === null && !(await hasWorkflowWorker(connection, namespace, queues.control))) return new Map();
    const answers = suites.map((suite) => ask(client, queues, { kind: 'durations', suite }));
    return byName(suites, await Promise.all(answers.map(async (answer) => (await answer).estimates)));
  } finally {
    await server.leave();
  }
}

async function readHere(suites: readonly string[], { settings }: ServerOptions): Promise<ReadonlyMap<string, Estimates>> {
  const results = await viewResults(resultsPlaceOf(settings));
  if (results === null) return new Map();
  try {
    const durations = await Promise.all(suites.map((suite) => results.durations(suite, DEFAULTS.durationSamples)));
    return byName(
      suites,
      durations.map((found) => Object.fromEntries(estimatesOf(found))),
    );
  } finally {
    await results.close();
  }
}

function byName(suites: readonly string[], estimates: readonly Estimates[]): ReadonlyMap<string, Estimates> {
  return new Map(suites.map((suite, index) => [suite, estimates[index] ?? {}]));
}
