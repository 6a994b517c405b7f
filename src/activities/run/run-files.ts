import { CancelledFailure } from '@temporalio/common';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { attemptFile, type FileAttempt } from './attempt-file.js';
import { EarlyBeats } from './early-beats.js';
import { stopOf } from './hand-back.js';
import { holdSlots, type SlotRequest } from './hold-slots.js';
import { whileLeased } from './lease.js';
import { type Patience, withPatience } from './patience.js';
import type { TestAdapters } from './test-adapters.js';

/** One dispatch: files of a suite that one worker runs one after the other in one place. Usually a single file, of short ones a chunk. */
export type RunFilesInput = {
  /** What holds for every file. */
  readonly common: Omit<FileAttempt, keyof FileOfDispatch | 'inlineReportBytes'>;
  readonly files: readonly FileOfDispatch[];
  /** Slots and memory the dispatch takes, and how soon it needs them. */
  readonly slots: SlotRequest;
  /** Past this the running file gives way to those behind it, in ms. */
  readonly patienceMs: number;
};

/** What one file of a dispatch has of its own. */
export type FileOfDispatch = Pick<
  FileAttempt,
  'id' | 'path' | 'repeat' | 'attempt' | 'dispatch' | 'part' | 'timeoutMs' | 'estimateMs' | 'killGraceMs' | 'quarantinedCases'
>;

/**
 * Runs files once, each within its own deadline. Returns a record for each of the first files, in their order; the others did not run, or did not
 * come to an end, which is nobody's fault: no slot was free in time, the file before them was lost, or the work was taken away. Records travel
 * with the beats, so a worker that dies loses only the file it was running. Throws CancelledFailure when it was cancelled before any record.
 */
export const createRunFiles =
  (adapters: TestAdapters) =>
  async ({ common, files, slots, patienceMs }: RunFilesInput): Promise<readonly AttemptRecord[]> => {
    const { worker, leaving } = adapters;
    const done: AttemptRecord[] = [];
    const begun: number[] = []; // When each file began, epoch ms.
    const arrivedAtMs = Date.now();
    const news = () => {
      const startedAtMs = begun[done.length] ?? arrivedAtMs;
      return { file: files[done.length]?.path, startedAtMs, ...(files.length > 1 && { done }) };
    };
    return whileLeased({ worker, leaving, news }, async (lease, beat) => {
      const hold = await holdSlots(adapters, slots, lease);
      if (hold === 'tooLate') return done;
      if (hold === 'aborted') return endEarly(done, stopOf(lease).kind === 'cancelled');
      const patience = withPatience(lease, patienceMs);
      const over = new AbortController();
      const pace = new EarlyBeats(beat);
      try {
        await inTurn(files, {
          isOver: () => patience.isOver || isLost(done.at(-1)) || pace.sizeBytes > DEFAULTS.resultBytes,
          note(record) {
            done.push(record);
            if (files.length > 1) pace.noted(record);
          },
          run(file, index, onPassed) {
            begun[index] = Date.now();
            const behind = files.slice(index + 1).map(({ path }) => path);
            return attemptFile(
              adapters,
              { ...common, ...file, inlineReportBytes: inlineReportBytes(files.length, file) },
              {
                slot: hold.slot,
                lease: leaseFor(behind, patience),
                onPassed,
                ...(files.length > 1 && { ahead: { files: behind, signal: over.signal } }),
              },
            );
          },
        });
        return endEarly(done, lease.signal.aborted && stopOf(lease).kind === 'cancelled');
      } finally {
        over.abort();
        patience.close();
        hold.release();
      }
    });
  };

/** The last file takes its time: nobody waits behind it. */
const leaseFor = (behind: readonly string[], { whole, patient }: Patience) => (behind.length > 0 ? patient : whole);

/** Records of one dispatch travel together, and those of all parts of a file do. */
function inlineReportBytes(files: number, { part }: FileOfDispatch): number {
  return files > 1 ? DEFAULTS.inlineReportBytesOfSharedDispatch : DEFAULTS.inlineReportBytes / (part?.of ?? 1);
}

/** What is known so far counts, even of work that was cancelled. */
function endEarly(done: readonly AttemptRecord[], isCancelled: boolean): readonly AttemptRecord[] {
  if (isCancelled && done.length === 0) throw new CancelledFailure('Cancelled before any file had ended.');
  return done;
}

type Turns = {
  readonly isOver: () => boolean;
  readonly note: (record: AttemptRecord) => void;
  /** null: the file was ended before it said anything. */
  readonly run: (file: FileOfDispatch, index: number, onPassed: () => void) => Promise<AttemptRecord | null>;
};

/** One file after the other, until it is over. The next file runs while the record of a green one is saved; records are noted in order. */
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
    noting.catch(() => undefined); // Awaited in the next round, or below.
    if (first !== 'passing') await noting;
  }
  await noting;
}

const isLost = (record: AttemptRecord | undefined) => record?.outcome.kind === 'lost';
