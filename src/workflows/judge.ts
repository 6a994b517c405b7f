import { condition, isCancellation } from '@temporalio/workflow';
import { type AttemptRecord, nextStep } from '../core/attempt.js';
import { REASONS } from '../core/change.js';
import type { FileResult, PlannedFile } from '../core/suite.js';
import { dispatch } from './dispatch.js';
import type { Drive } from './drive-files.js';

/**
 * Brings one file to its verdict through red attempts and lost workers, unless a person or the end of its run comes first. Never throws.
 */
export async function judge(
  { file, number, opening }: { readonly file: PlannedFile; readonly number: number; readonly opening: boolean },
  { input, commit, board, orders, maxInFlight, whyStopped }: Drive,
): Promise<FileResult> {
  const attempts: AttemptRecord[] = [];
  const end = (verdict: FileResult['verdict'], reason?: string): FileResult => ({
    ...file,
    verdict,
    attempts,
    ...(reason !== undefined && { reason }),
  });
  try {
    for (;;) {
      const asked = orders.endingOf(file.path);
      if (asked) return end(asked.verdict, asked.reason);
      const step = nextStep(
        attempts.map(({ outcome }) => outcome),
        input.budget,
      );
      const shield = orders.quarantineOf(file.path);
      if (step.kind === 'done') return step.verdict === 'failed' && shield ? end('quarantined', shield) : end(step.verdict);
      if (maxInFlight() === 0) {
        await condition(() => maxInFlight() !== 0 || orders.endingOf(file.path) !== undefined); // Paused: repeats wait too.
        continue;
      }
      const losses = attempts.filter(({ outcome }) => outcome.kind === 'lost').length;
      const turn = {
        file,
        number,
        opening,
        dispatch: attempts.length + 1,
        attempt: attempts.length - losses + 1,
        deadlineMs: orders.deadlineMsOf(file),
      };
      board.dispatched(turn);
      const record = await orders.endable(file.path, () => dispatch(turn, input, commit));
      board.ended(record);
      attempts.push(record);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const asked = orders.endingOf(file.path);
    if (asked) return end(asked.verdict, asked.reason);
    return end('notRun', whyStopped() ?? REASONS.cancelledByUser(THE_RUN));
  }
}

/** Who cancelled a run is not told with a cancellation. */
export const THE_RUN = 'the run was cancelled';
