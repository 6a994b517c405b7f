import type { ConnectionLike } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { SeenWorker } from '../../core/fleet.js';
import { parseIdentity } from '../../core/identity.js';

/** Workers that polled a queue of tests within the last minutes: the server forgets a poller after five. */
export async function observeFleet(connection: ConnectionLike, namespace: string, queue: string): Promise<SeenWorker[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
  });
  const workers = new Map<string, SeenWorker>();
  for (const { identity, lastAccessTime } of pollers ?? []) {
    const known = parseIdentity(identity ?? '');
    if (known === null) continue;
    const lastSeenMs = Number(lastAccessTime?.seconds ?? 0) * 1_000;
    const before = workers.get(known.worker)?.lastSeenMs ?? 0;
    workers.set(known.worker, { ...known, lastSeenMs: Math.max(before, lastSeenMs) });
  }
  return [...workers.values()];
}

/** Is anyone polling this queue for workflow tasks? */
export async function hasWorkflowWorker(connection: ConnectionLike, namespace: string, queue: string): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return (pollers ?? []).length > 0;
}
