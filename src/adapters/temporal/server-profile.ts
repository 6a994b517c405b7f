/**
 * Dynamic configuration of Holdfast's own Temporal servers: the embedded one and that of docker-compose.yml
 * (deploy/dynamicconfig). Any other server works as well, only slower. Keys and meanings: Temporal server 1.32,
 * common/dynamicconfig/constants.go.
 */
export const SERVER_PROFILE: Readonly<Record<string, string | number | boolean>> = {
  // Priorities hold exactly only within one partition.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Runs of several owners share the fleet.
  'matching.enableFairness': true,
  // A cancellation reaches the worker within 26–96 ms instead of at the next heartbeat.
  'frontend.WorkerCommandsEnabled': true,
  'system.enableCancelActivityWorkerCommand': true,
  // A worker that shuts down cancels its open polls, so that no dispatch is lost to one.
  'frontend.enableCancelWorkerPollsOnShutdown': true,
  // A dead connection is noticed within three seconds.
  'frontend.keepAliveTime': '2s',
  'frontend.keepAliveTimeout': '1s',
  'frontend.keepAliveMinTime': '1s',
  // Timeouts and backoffs fire within 50 ms instead of within a second.
  'history.timerProcessorMaxTimeShift': '50ms',
  // With the default, a server with few shards dispatches at most 20 tasks per second and shard: 43 ms each.
  'history.transferProcessorMaxPollRPS': 2_000,
};

/** The profile as flags of `temporal server start-dev`. */
export function profileFlags(): string[] {
  return Object.entries(SERVER_PROFILE).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]);
}
