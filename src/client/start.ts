import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../core/model/search-attributes.js';
import { type SuiteInput, workflowIdOf } from '../core/model/suite.js';
import type { ServerConnection } from '../stack/server-connection.js';
import type { runSuite } from '../workflows/suite/run-suite.js';
import { type Run, runOf } from './run.js';

/** The result of a request to run a suite under an id. */
export type Started =
  | { readonly kind: 'started'; readonly run: Run }
  /** A run of the same request whose watcher crashed; it continues. */
  | { readonly kind: 'resumed'; readonly run: Run }
  /** A run of this id is already running. */
  | { readonly kind: 'attached'; readonly run: Run }
  /** A run of this id has already ended in this CI attempt: its verdict stands and nothing is run. */
  | { readonly kind: 'finished'; readonly run: Run };

/**
 * Starts a suite, or finds the existing run of its id. If that run ended in an earlier attempt of the CI job, starts a new one
 * and links it to the earlier. `isRegistered`: whether the server has our search attributes.
 */
export async function startSuite(
  server: Pick<ServerConnection, 'client' | 'giveEnvironment' | 'isSigned'>,
  input: SuiteInput,
  { isRegistered }: { readonly isRegistered: boolean },
): Promise<Started> {
  const { client, isSigned } = server;
  const earlier = await newestOf(client, input);
  if (earlier?.isRunning) return { kind: 'attached', run: earlier.run };
  if (earlier && earlier.ciAttempt >= input.ciAttempt) return { kind: 'finished', run: earlier.run };

  const runId = runIdOfAttempt(input.runId, input.ciAttempt);
  const workflowId = workflowIdOf(input.suite, runId);
  await server.giveEnvironment(workflowId);
  try {
    await client.workflow.start<typeof runSuite>('runSuite', {
      workflowId,
      taskQueue: input.queues.control,
      args: [{ ...input, ...(isSigned && { isSigned }), runId, previousRunId: earlier?.run.runId ?? input.previousRunId }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: input.commit ? `${input.suite} @ ${input.commit.slice(0, 12)}` : input.suite,
      staticDetails: detailsOf({ ...input, runId }),
      memo: { suite: input.suite, runId, ciAttempt: input.ciAttempt },
      ...(isRegistered ? { typedSearchAttributes: attributesOf({ ...input, runId }) } : {}),
    });
  } catch (error) {
    // Another process was faster.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return startSuite(server, input, { isRegistered });
    throw error;
  }
  return { kind: 'started', run: runOf(client, input.suite, runId) };
}

/** The run id of an attempt of a CI job. From the second attempt on it ends in the number, so that each attempt is its own run. */
export function runIdOfAttempt(runId: string, ciAttempt: number): string {
  return ciAttempt > 1 ? `${runId}.${ciAttempt}` : runId;
}

type Earlier = { readonly run: Run; readonly ciAttempt: number; readonly isRunning: boolean };

/** Finds the run of this id in the latest CI attempt that has one. */
async function newestOf(client: Client, { suite, runId, ciAttempt }: SuiteInput): Promise<Earlier | null> {
  for (let attempt = ciAttempt; attempt >= 1; attempt -= 1) {
    const run = runOf(client, suite, runIdOfAttempt(runId, attempt));
    try {
      const { status } = await client.workflow.getHandle(run.workflowId).describe();
      return { run, ciAttempt: attempt, isRunning: status.name === 'RUNNING' };
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return null;
}

/** Fixed facts of a run in Markdown, for its page in Temporal's Web UI. */
function detailsOf({ suite, runId, framework, budget, timeoutMs }: SuiteInput): string {
  return [
    `- ${framework.name} in \`${framework.cwd}\``,
    `- retries ${budget.maxAttempts - 1}, timeout ${timeoutMs === null ? 'by recorded duration' : `${timeoutMs / 1_000} s`}`,
    `- \`holdfast attach ${suite}/${runId}\`, \`holdfast show ${suite}/${runId}\`, \`holdfast cancel ${suite}/${runId}\``,
  ].join('\n');
}

/** The initial search attributes of a run. */
export function attributesOf({ suite, runId, owner, commit }: SuiteInput): SearchAttributePair[] {
  const keyword = (name: string, value: string) => ({ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value });
  return [
    keyword(SEARCH_ATTRIBUTES.suite, suite),
    keyword(SEARCH_ATTRIBUTES.run, runId),
    keyword(SEARCH_ATTRIBUTES.status, 'running'),
    ...(owner ? [keyword(SEARCH_ATTRIBUTES.owner, owner)] : []),
    ...(commit ? [keyword(SEARCH_ATTRIBUTES.commit, commit)] : []),
  ];
}
