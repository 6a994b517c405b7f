import type { ConnectionLike } from '@temporalio/client';
import { SERVER_PROFILE } from './server-profile.js';

/** How a server compares to the profile, by keys of its dynamic configuration. */
export type ProfileCheck = {
  /** Keys with a different value. */
  readonly missing: readonly string[];
  /** Keys that no API of the server reveals. */
  readonly unseen: readonly string[];
};

/** Checks what can be observed of the profile from outside, on a tests queue. */
export async function checkProfile(connection: ConnectionLike, namespace: string, queue: string): Promise<ProfileCheck> {
  const [{ activityTaskQueuePartitions }, { namespaceInfo }] = await Promise.all([
    connection.workflowService.listTaskQueuePartitions({ namespace, taskQueue: { name: queue } }),
    connection.workflowService.describeNamespace({ namespace }),
  ]);
  const isSet: Readonly<Record<string, boolean>> = {
    'matching.numTaskqueueReadPartitions': (activityTaskQueuePartitions ?? []).length <= 1,
    'frontend.WorkerCommandsEnabled': namespaceInfo?.capabilities?.workerCommands ?? false,
    'frontend.enableCancelWorkerPollsOnShutdown': namespaceInfo?.capabilities?.workerPollCompleteOnShutdown ?? false,
  };
  const keys = Object.keys(SERVER_PROFILE);
  return { missing: keys.filter((key) => isSet[key] === false), unseen: keys.filter((key) => !Object.hasOwn(isSet, key)) };
}
