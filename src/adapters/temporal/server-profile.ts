/**
 * What Holdfast sets on a Temporal server of its own: the embedded one and that of docker-compose.yml (deploy/dynamicconfig). On any other
 * server everything is still right, only slower. Keys and meanings: Temporal server 1.32, common/dynamicconfig/constants.go.
 */
export const SERVER_PROFILE: Readonly<Record<string, string | number | boolean>> = {
  // Priorities are exact only within one partition.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Runs of several owners share the fleet.
  'matching.enableFairness': true,
  // A cancellation reaches the worker in 26–96 ms instead of with the next beat.
  'frontend.WorkerCommandsEnabled': true,
  'system.enableCancelActivityWorkerCommand': true,
  // A worker that leaves takes its open polls with it, so that no dispatch is lost in one.
  'frontend.enableCancelWorkerPollsOnShutdown': true,
  // A connection whose other end is gone is noticed within three seconds.
  'frontend.keepAliveTime': '2s',
  'frontend.keepAliveTimeout': '1s',
  'frontend.keepAliveMinTime': '1s',
  // Timeouts and backoffs fire within 50 ms instead of within a second.
  'history.timerProcessorMaxTimeShift': '50ms',
  // A server of few shards dispatches up to 20 tasks a second and shard by default: 43 ms each.
  'history.transferProcessorMaxPollRPS': 2_000,
};

/** The profile as flags of `temporal server start-dev`. */
export function profileFlags(): string[] {
  return Object.entries(SERVER_PROFILE).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]);
}
