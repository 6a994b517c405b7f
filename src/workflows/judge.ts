import { isCancellation } from '@temporalio/workflow';
import { type AttemptRecord, nextStep } from '../core/attempt.js';
import type { FileResult, PlannedFile, SuiteInput } from '../core/suite.js';
import type { Board } from './board.js';
import { dispatch } from './dispatch.js';

/** Brings one file to its verdict through red attempts and lost workers. A file whose run is cancelled was not run. Never throws. */
export async function judge(
  { file, number, opening }: { readonly file: PlannedFile; readonly number: number; readonly opening: boolean },
  input: SuiteInput,
  commit: string | null,
  board: Board,
): Promise<FileResult> {
  const attempts: AttemptRecord[] = [];
  try {
    for (;;) {
      const step = nextStep(
        attempts.map(({ outcome }) => outcome),
        input.budget,
      );
      if (step.kind === 'done') return { ...file, verdict: step.verdict, attempts };
      const losses = attempts.filter(({ outcome }) => outcome.kind === 'lost').length;
      const turn = { file, number, opening, dispatch: attempts.length + 1, attempt: attempts.length - losses + 1 };
      board.dispatched(turn);
      const record = await dispatch(turn, input, commit);
      board.ended(record);
      attempts.push(record);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { ...file, verdict: 'notRun', attempts };
  }
}
