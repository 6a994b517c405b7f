import { ActivityCancellationType, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { TestActivities } from '../../activities/run/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { activityIdOf, activityIdOfChunk } from '../../core/model/activity-id.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { patienceMs } from '../../core/plan/chunk.js';
import { longestMs, ownOf, placeInQueue, sharedBy, summaryOf, type Turn } from './dispatch.js';
import { silence, toldBefore } from './silence.js';

const { runChunk } = proxyActivities<Pick<TestActivities, 'runChunk'>>({
  startToCloseTimeout: DEFAULTS.deadlineMs, // Replaced at each call.
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Has several files run once, one after the other, by one worker. Returns what is known of the first of them; the turn of the others did not come,
 * or not to an end, which is nobody's fault. A worker that is lost loses the file it was in, and no other. Never throws: what is cancelled ends with what
 * is done by then.
 */
export async function dispatchChunk(
  turns: readonly [Turn, ...Turn[]],
  { input, commit }: { readonly input: SuiteInput; readonly commit: string | null },
): Promise<readonly AttemptRecord[]> {
  const [first] = turns;
  const scheduledAtMs = Date.now();
  try {
    return await runChunk.executeWithOptions(
      {
        taskQueue: input.queues.tests,
        activityId: activityIdOfChunk(first, turns.length),
        summary: `${summaryOf(first)} and ${turns.length - 1} more`,
        startToCloseTimeout: turns.reduce((sum, turn) => sum + longestMs(turn, input), 0),
        heartbeatTimeout: input.heartbeatTimeoutMs,
        priority: placeInQueue(first, input),
      },
      [
        {
          shared: sharedBy(input, commit),
          files: turns.map((turn) => ({ ...ownOf(turn, input), id: activityIdOf(turn) })),
          patienceMs: patienceMs(
            turns.map(({ file }) => file),
            input.framework.name,
          ),
        },
      ],
    );
  } catch (error) {
    if (isCancellation(error)) return [];
    const told = toldBefore(error);
    const running = turns[told.length];
    return running === undefined ? told : [...told, silence(error, scheduledAtMs, running.deadlineMs)];
  }
}
