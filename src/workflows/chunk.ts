import { ActivityCancellationType, CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { TestActivities } from '../activities/test/index.js';
import { activityIdOf, activityIdOfChunk } from '../core/activity-id.js';
import type { AttemptRecord } from '../core/attempt.js';
import { patienceMs } from '../core/chunk.js';
import { DEFAULTS } from '../core/defaults.js';
import type { SuiteInput } from '../core/suite.js';
import { longestMs, ownOf, placeInQueue, sharedBy, summaryOf, type Turn } from './dispatch.js';
import { silence, toldBefore } from './silence.js';

/** A file's place in a chunk: its turn, and what came of it. null when its turn did not come, or not to an end: nobody's fault, and nothing is counted. */
export type Ride = { readonly turn: Turn; record(): Promise<AttemptRecord | null> };

const { runChunk } = proxyActivities<Pick<TestActivities, 'runChunk'>>({
  startToCloseTimeout: DEFAULTS.deadlineMs, // Replaced at each call.
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Has several files run once, one after the other, by one worker; `onEnd` when it has. A worker that is lost loses the file it was in, and no other. */
export function dispatchChunk(
  turns: readonly [Turn, ...Turn[]],
  { input, commit, onEnd }: { readonly input: SuiteInput; readonly commit: string | null; readonly onEnd: () => void },
): Ride[] {
  const scope = new CancellationScope();
  const records = scope.run(() => send(turns, input, commit)).finally(onEnd);
  return turns.map((turn, index) => ({ turn, record: () => untilCancelled(scope, records, index) }));
}

/** A file that is to end takes its chunk with it: what is done counts, and the others go on elsewhere. */
async function untilCancelled(
  chunk: CancellationScope,
  records: Promise<readonly AttemptRecord[]>,
  index: number,
): Promise<AttemptRecord | null> {
  try {
    await Promise.race([records, CancellationScope.current().cancelRequested]);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    chunk.cancel();
    const record = (await records)[index];
    if (record === undefined) throw error;
  }
  return (await records)[index] ?? null;
}

async function send(
  turns: readonly [Turn, ...Turn[]],
  input: SuiteInput,
  commit: string | null,
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
          patienceMs: patienceMs(turns.map(({ file }) => file)),
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
