import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { DEFAULTS } from '../core/defaults.js';
import type { PlannedFile, SuiteInput } from '../core/suite.js';
import { windowSize } from '../core/window.js';
import type { Board } from './board.js';
import { judge } from './judge.js';
import { type Outbox, recordFiles } from './record-files.js';
import { throughWindow } from './window.js';

export type Drive = {
  readonly input: SuiteInput;
  readonly commit: string | null;
  readonly board: Board;
  readonly typicalMs: number | null;
  /** The limit now in force: it may change while the run goes on. */
  readonly maxInFlight: () => number | null;
  /** True once no further file shall start and none go on. */
  readonly isStopped: () => boolean;
  /** The last file has had its turn: what comes after these files may begin. */
  readonly onAdmitted?: () => void;
  readonly onJudged?: () => void;
};

/** Brings files to their verdicts, in order, through a window as wide as the fleet asks for. Every file has its verdict afterwards, whatever happened. */
export async function driveFiles(files: readonly PlannedFile[], drive: Drive): Promise<void> {
  const { board, input, commit } = drive;
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
    await stoppable(drive.isStopped, () =>
      throughWindow(files, {
        size,
        isStopped: drive.isStopped,
        run: async (file, index) => {
          untouched.delete(file);
          if (index === files.length - 1) drive.onAdmitted?.();
          const result = await judge({ file, number: index + 1, opening: index < opening }, input, commit, board);
          board.judged(result);
          outbox.files.push(result);
          drive.onJudged?.();
        },
      }),
    );
  } finally {
    for (const file of untouched) board.judged({ ...file, verdict: 'notRun', attempts: [] });
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

/** Does work in a scope of its own that is cancelled when `isStopped` becomes true. A cancellation from outside is still thrown. */
async function stoppable(isStopped: () => boolean, work: () => Promise<void>): Promise<void> {
  let isDone = false;
  const scope = new CancellationScope();
  const watch = condition(() => isDone || isStopped()).then(
    () => (isDone ? undefined : scope.cancel()),
    () => undefined,
  );
  try {
    await scope.run(work);
  } catch (error) {
    if (!(isCancellation(error) && isStopped())) throw error;
  } finally {
    isDone = true;
    await watch;
  }
}
