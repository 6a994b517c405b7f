import { CancelledFailure } from '@temporalio/common';
import type { FileOfDispatch, RunFilesInput } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { attemptFile } from './attempt-file.js';
import { EarlyBeats } from './early-beats.js';
import { stopOf } from './hand-back.js';
import { holdSlots } from './hold-slots.js';
import { whileLeased } from './lease.js';
import { type Patience, withPatience } from './patience.js';
import type { TestAdapters } from './test-adapters.js';

/**
 * Runs files once, each within its own timeout. Returns a record for each of the first files, in order; the others did not run
 * or did not finish, which is not their fault: no slot was free in time, the file before them was lost, or the work was taken
 * away. Heartbeats carry the records, so a worker that dies loses little more than the file it was running. Throws
 * CancelledFailure if cancelled before the first record.
 */
export const createRunFiles =
  (adapters: TestAdapters) =>
  async ({ common, files, slots, patienceMs }: RunFilesInput): Promise<readonly AttemptRecord[]> => {
    const { worker, leaving } = adapters;
    const done: AttemptRecord[] = [];
    const startsMs: number[] = []; // Start of each file, epoch ms.
    const arrivedAtMs = Date.now();
    const news = () => {
      const startedAtMs = startsMs[done.length] ?? arrivedAtMs;
      return { file: files[done.length]?.path, startedAtMs, ...(files.length > 1 && { done }) };
    };
    return whileLeased({ worker, leaving, news }, async (lease, beat) => {
      const hold = await holdSlots(adapters, slots, lease);
      if (hold === 'tooLate') return done;
      if (hold === 'aborted') return endEarly(done, stopOf(lease).kind === 'cancelled');
      const patience = withPatience(lease, patienceMs);
      const dispatchEnd = new AbortController();
      const earlyBeats = new EarlyBeats(beat);
      try {
        await inTurn(files, {
          isOver: () => patience.isOver || isLost(done.at(-1)) || earlyBeats.sizeBytes > DEFAULTS.resultBytes,
          note(record) {
            done.push(record);
            if (files.length > 1) earlyBeats.noted(record);
          },
          run(file, index, onPassed) {
            startsMs[index] = Date.now();
            const behind = files.slice(index + 1).map(({ path }) => path);
            return attemptFile(
              adapters,
              { ...common, ...file, inlineReportBytes: inlineReportBytes(files.length, file) },
              {
                slot: hold.slot,
                lease: leaseFor(behind, patience),
                onPassed,
                ...(files.length > 1 && { ahead: { files: behind, signal: dispatchEnd.signal } }),
              },
            );
          },
        });
        return endEarly(done, lease.signal.aborted && stopOf(lease).kind === 'cancelled');
      } finally {
        dispatchEnd.abort();
        patience.close();
        hold.release();
      }
    });
  };

/** The last file may take its time, since no file waits behind it. */
const leaseFor = (behind: readonly string[], { whole, patient }: Patience) => (behind.length > 0 ? patient : whole);

/** The records of a dispatch travel together, and so do those of all parts of a file. */
function inlineReportBytes(files: number, { part }: FileOfDispatch): number {
  return files > 1 ? DEFAULTS.inlineReportBytesOfSharedDispatch : DEFAULTS.inlineReportBytes / (part?.of ?? 1);
}

/** Records so far count, even if the work was cancelled. */
function endEarly(done: readonly AttemptRecord[], isCancelled: boolean): readonly AttemptRecord[] {
  if (isCancelled && done.length === 0) throw new CancelledFailure('Cancelled before any file finished.');
  return done;
}

type Turns = {
  readonly isOver: () => boolean;
  readonly note: (record: AttemptRecord) => void;
  /** null: the file was stopped without an outcome. */
  readonly run: (file: FileOfDispatch, index: number, onPassed: () => void) => Promise<AttemptRecord | null>;
};

/**
 * Runs one file after another, until `isOver` or a file was stopped. The next file already runs while the results of a green one
 * are saved; records are noted in order.
 */
async function inTurn(files: readonly FileOfDispatch[], { isOver, note, run }: Turns): Promise<void> {
  let isEnded = false;
  let noting: Promise<void> = Promise.resolve();
  for (const [index, file] of files.entries()) {
    if (isOver() || isEnded) break;
    let pass: (value: 'passing') => void = () => undefined;
    const passing = new Promise<'passing'>((resolve) => {
      pass = resolve;
    });
    const running = run(file, index, () => pass('passing'));
    const first = await Promise.race([passing, running.catch(() => null)]);
    await noting;
    noting = running.then((record) => {
      if (record === null) isEnded = true;
      else note(record);
    });
    noting.catch(() => undefined); // Awaited in the next iteration, or below.
    if (first !== 'passing') await noting;
  }
  await noting;
}

const isLost = (record: AttemptRecord | undefined) => record?.outcome.kind === 'lost';
