import { CancellationScope, sleep } from '@temporalio/workflow';
import { REASONS } from '../core/change.js';
import { DEFAULTS } from '../core/defaults.js';
import type { PlannedFile, SuiteInput } from '../core/suite.js';
import { windowSize } from '../core/window.js';
import type { Board } from './board.js';
import type { FileOrders } from './file-orders.js';
import { judge, THE_RUN } from './judge.js';
import { type Outbox, recordFiles } from './record-files.js';
import { stoppable } from './stoppable.js';
import { throughWindow } from './window.js';

export type Drive = {
  readonly input: SuiteInput;
  readonly commit: string | null;
  readonly board: Board;
  readonly typicalMs: number | null;
  /** The limit now in force: it may change while the run goes on. */
  readonly maxInFlight: () => number | null;
  readonly orders: FileOrders;
  /** Why no further file shall start and none go on; null while the run goes on. */
  readonly whyStopped: () => string | null;
  /** The last file has had its turn: what comes after these files may begin. */
  readonly onAdmitted?: () => void;
  readonly onJudged?: () => void;
};

/** Brings files to their verdicts, in order, through a window as wide as the fleet asks for. Every file has its verdict afterwards, whatever happened. */
export async function driveFiles(files: readonly PlannedFile[], drive: Drive): Promise<void> {
  const { board, input } = drive;
  const isStopped = () => drive.whyStopped() !== null;
  board.open(files);
  const outbox: Outbox = { files: [], isClosed: false };
  const opening = Math.max(1, board.slots);
  const isOpening = openFirst(files.length > opening);
  const untouched = new Set(files);
  const size = () => {
    const window = windowSize({ slots: board.slots, typicalMs: drive.typicalMs, maxInFlight: drive.maxInFlight() });
    return isOpening() ? Math.min(opening, window) : window;
  };

  const recording = CancellationScope.nonCancellable(() => recordFiles(outbox, input, board));
  try {
    await stoppable(isStopped, () =>
      throughWindow(files, {
        size,
        isStopped,
        run: async (file, index) => {
          untouched.delete(file);
          if (index === files.length - 1) drive.onAdmitted?.();
          const result = await judge({ file, number: index + 1, opening: index < opening }, drive);
          board.judged(result);
          outbox.files.push(result);
          drive.onJudged?.();
        },
      }),
    );
  } finally {
    const reason = drive.whyStopped() ?? REASONS.cancelledByUser(THE_RUN);
    for (const file of untouched) board.judged({ ...file, verdict: 'notRun', attempts: [], reason });
    outbox.isClosed = true;
    await recording;
  }
}

/**
 * True for a moment after the start, when as many files are scheduled as there are slots and no more: the server hands what is scheduled
 * at one moment to waiting workers in any order, whatever its priority.
 */
function openFirst(isNeeded: boolean): () => boolean {
  let isOpening = isNeeded;
  const end = () => {
    isOpening = false;
  };
  if (isNeeded) sleep(DEFAULTS.openingMs).then(end, end);
  return () => isOpening;
}
