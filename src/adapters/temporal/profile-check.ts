import type { ConnectionLike } from '@temporalio/client';
import { SERVER_PROFILE } from './server-profile.js';

/** How a server stands to the profile. Keys are those of its dynamic configuration. */
export type ProfileCheck = {
  /** Set otherwise. */
  readonly missing: readonly string[];
  /** No question that the server answers tells of them. */
  readonly unseen: readonly string[];
};

/** What can be seen of the profile from outside, on a queue of tests. */
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
