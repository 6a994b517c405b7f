import { type ActivityInterfaceFor, proxyActivities } from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control/index.js';
import { DEFAULTS } from '../core/defaults.js';
import type { Queues } from '../core/model/suite.js';
import { answered } from './answered.js';

/**
 * The control activities. They are retried until they succeed: a store that is down for minutes delays a run but fails nothing. A
 * RunnerError, which a person must fix, is not retried.
 */
export function bookkeeping({ control }: Queues): ActivityInterfaceFor<ControlActivities> {
  const activities = proxyActivities<ControlActivities>({
    taskQueue: control,
    startToCloseTimeout: DEFAULTS.bookkeepingMs,
    heartbeatTimeout: DEFAULTS.heartbeatTimeoutMs,
    retry: { initialInterval: DEFAULTS.bookkeepingRetryMs.first, maximumInterval: DEFAULTS.bookkeepingRetryMs.longest },
  });
  return new Proxy(activities, {
    get: (steps, name: keyof ControlActivities) => {
      const step = steps[name] as (...args: unknown[]) => Promise<unknown>; // Of some step: the caller's types hold.
      return (...args: unknown[]) => answered(() => step(...args));
    },
  });
}
