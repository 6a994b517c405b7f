import type { ConnectionLike } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { SeenWorker } from '../../core/fleet/fleet.js';
import { parseIdentity } from '../../core/fleet/identity.js';
import { sickQueueOf } from '../../core/model/suite.js';

/**
 * Lists the workers that recently polled a tests queue or its sick queue; the server forgets a poller after five minutes. A
 * worker seen on both counts where it polled last.
 */
export async function observeFleet(connection: ConnectionLike, namespace: string, queue: string): Promise<SeenWorker[]> {
  const queues = [queue, sickQueueOf(queue)];
  const polls = (await Promise.all(queues.map((name) => pollsOf(connection, namespace, name)))).flat();
  const workers = new Map<string, SeenWorker>();
  for (const poll of polls) if (poll.lastSeenMs >= (workers.get(poll.worker)?.lastSeenMs ?? 0)) workers.set(poll.worker, poll);
  return [...workers.values()];
}

async function pollsOf(connection: ConnectionLike, namespace: string, queue: string): Promise<SeenWorker[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
  });
  return (pollers ?? []).flatMap(({ identity, lastAccessTime }) => {
    const known = parseIdentity(identity ?? '');
    const lastSeenMs = Number(lastAccessTime?.seconds ?? 0) * 1_000 + Math.floor((lastAccessTime?.nanos ?? 0) / 1e6);
    return known === null ? [] : [{ ...known, lastSeenMs }];
  });
}

/** Whether any worker polls this queue for workflow tasks. */
export async function hasWorkflowWorker(connection: ConnectionLike, namespace: string, queue: string): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return (pollers ?? []).length > 0;
}
