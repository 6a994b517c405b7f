import { type ConnectionLike, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DEFAULTS } from '../../core/defaults.js';
import type { RunningAttempt } from '../../core/fleet/fleet.js';
import { parseIdentity } from '../../core/fleet/identity.js';

/** One workflow execution. */
export type Execution = { readonly workflowId: string; readonly runId: string };

const { WORKFLOW_EXECUTION_STATUS_RUNNING } = proto.temporal.api.enums.v1.WorkflowExecutionStatus;
const NOT_FOUND = 5;

/** Lists the started activity attempts of a workflow, with their worker and start time. */
export async function observeRunning(
  connection: ConnectionLike,
  namespace: string,
  execution: Execution,
): Promise<RunningAttempt[]> {
  const { pendingActivities } = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
  return (pendingActivities ?? []).flatMap(({ activityId, lastStartedTime, lastWorkerIdentity }) => {
    const worker = parseIdentity(lastWorkerIdentity ?? '')?.worker;
    if (!activityId || !lastStartedTime || worker === undefined) return []; // Scheduled, but not started.
    return [{ activityId, worker, startedAtMs: Number(lastStartedTime.seconds ?? 0) * 1_000 }];
  });
}

/**
 * Who answered for an activity, by their own account: a worker as `host/pid`, or an identity that is none. null if that is further back
 * in the history than we look.
 */
export async function findSender(
  connection: ConnectionLike,
  namespace: string,
  { activityId, ...execution }: Execution & { readonly activityId: string },
): Promise<string | null> {
  const events = await newestEvents(connection, { namespace, execution, maximumPageSize: DEFAULTS.eventsSearched });
  const scheduled = events.find((event) => event.activityTaskScheduledEventAttributes?.activityId === activityId)?.eventId;
  const ends = events.flatMap(
    ({ activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed }) => completed ?? failed ?? [],
  );
  const end = ends.find(
    ({ scheduledEventId }) => scheduled && scheduledEventId && Number(scheduledEventId) === Number(scheduled),
  );
  return end?.identity ? (parseIdentity(end.identity)?.worker ?? end.identity) : null;
}

/** The newest events of a workflow, the last one first. Without a run id, those of its latest execution. */
export async function newestEvents(
  connection: ConnectionLike,
  request: { readonly namespace: string; readonly execution: Partial<Execution>; readonly maximumPageSize: number },
) {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse(request);
  return history?.events ?? [];
}

/** Returns the ids of those workflows that are still running. */
export async function findRunning(
  connection: ConnectionLike,
  namespace: string,
  workflowIds: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    workflowIds.map(async (workflowId) => {
      try {
        const description = await connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
        return description.workflowExecutionInfo?.status === WORKFLOW_EXECUTION_STATUS_RUNNING ? [workflowId] : [];
      } catch (error) {
        if (isGrpcServiceError(error) && error.code === NOT_FOUND) return [];
        throw error;
      }
    }),
  );
  return found.flat();
}
