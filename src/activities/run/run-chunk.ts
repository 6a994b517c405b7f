import { CancelledFailure } from '@temporalio/common';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { Lease } from '../../core/model/lease.js';
import { Stop } from '../../core/model/stop.js';
import { pauseAfter } from '../../core/schedule/pace.js';
import { attemptFile, type RunTestFileInput } from './attempt-file.js';
import { holdSlots } from './hold-slots.js';
import { whileLeased } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

/** Several short files of a suite, in their order. */
export type RunChunkInput = {
  /** What holds for all of them. */
  readonly shared: Omit<RunTestFileInput, keyof ChunkedFile>;
  readonly files: readonly ChunkedFile[];
  /** Past this the file that runs gives way to those behind it. */
  readonly patienceMs: number;
};

export type ChunkedFile = Pick<
  RunTestFileInput,
  'path' | 'repeat' | 'attempt' | 'dispatch' | 'deadlineMs' | 'estimateMs' | 'killGraceMs'
> & {
  readonly id: string;
  readonly shieldedCases?: readonly string[];
};

/**
 * Runs several files one after the other in one slot, each within its own deadline. Returns what is known of the first of them, in their order;
 * the others have not run, or not to an end, which is nobody's fault. What is known travels with the beats, so that a worker that is lost loses only
 * the file it was in.
 */
export const createRunChunk =
  (adapters: TestAdapters) =>
  async ({ shared, files, patienceMs }: RunChunkInput): Promise<readonly AttemptRecord[]> => {
    const { worker, leaving } = adapters;
    const done: AttemptRecord[] = [];
    const news = () => ({ ...(files[done.length] && { file: files[done.length]?.path }), done });
    return whileLeased({ worker, startedAtMs: Date.now(), leaving, news }, async (lease, beat) => {
      const hold = await holdSlots(adapters, {}, lease);
      if (typeof hold === 'string') return done;
      const patient = withPatience(lease, patienceMs);
      const over = new AbortController();
      let mayTellAt = performance.now() + DEFAULTS.chunkNewsPace.leastMs;
      let sizeBytes = 0;
      const note = (record: AttemptRecord) => {
        done.push(record);
        sizeBytes += JSON.stringify(record).length;
        const now = performance.now();
        if (now < mayTellAt) return;
        mayTellAt = Number.POSITIVE_INFINITY;
        void beat().then(() => {
          mayTellAt = performance.now() + pauseAfter(performance.now() - now, DEFAULTS.chunkNewsPace);
        });
      };
      const isTooMuch = () => sizeBytes > DEFAULTS.resultBytes;
      const isOver = () => lease.signal.aborted || patient.isOver || saysNothing(done.at(-1)) || isTooMuch();
      try {
        await inTurn(files, { isOver, note }, (file, onPassed) => {
          const { slot } = hold;
          const behind = files.slice(files.indexOf(file) + 1).map(({ path }) => path);
          const ahead = { files: behind, signal: over.signal };
          const held = behind.length > 0 ? patient.lease : lease; // Where nobody waits behind it, it takes its time.
          return attemptFile(adapters, { ...shared, ...file }, { slot, lease: held, ahead, onPassed });
        });
        return done;
      } catch (error) {
        if (error instanceof CancelledFailure) return done;
        throw error;
      } finally {
        over.abort();
        patient.close();
        hold.release();
      }
    });
  };

/** One file after the other, until it is over. While what a green one said is saved, the next one runs; records are noted in order. */
async function inTurn(
  files: readonly ChunkedFile[],
  { isOver, note }: { readonly isOver: () => boolean; readonly note: (record: AttemptRecord) => void },
  run: (file: ChunkedFile, onPassed: () => void) => Promise<AttemptRecord>,
): Promise<void> {
  let noting: Promise<void> = Promise.resolve();
  for (const file of files) {
    if (isOver()) break;
    let isPassing = false;
    let pass: () => void = () => undefined;
    const passing = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const record = run(file, () => {
      isPassing = true;
      pass();
    });
    await Promise.race([passing, record.catch(() => undefined)]);
    await noting;
    noting = record.then(note);
    noting.catch(() => undefined); // It is waited for in the next round, or below.
    if (!isPassing) await noting;
  }
  await noting;
}

const saysNothing = (record: AttemptRecord | undefined) => record?.outcome.kind === 'lost';

/** A lease that ends after a while, or with the one it is made of. */
function withPatience(lease: Lease, ms: number) {
  const stop = new AbortController();
  const end = () => stop.abort(lease.signal.reason);
  if (lease.signal.aborted) end();
  else lease.signal.addEventListener('abort', end, { once: true });
  const impatience = new Stop('inTheWay', `Files behind it have waited for ${Math.round(ms)} ms.`);
  const timer = setTimeout(() => stop.abort(impatience), ms);
  const own: Lease = {
    signal: stop.signal,
    get expiresAtMs() {
      return lease.expiresAtMs;
    },
    onRenewal: (listener) => lease.onRenewal(listener),
  };
  return {
    lease: own,
    get isOver() {
      return stop.signal.aborted;
    },
    close() {
      clearTimeout(timer);
      lease.signal.removeEventListener('abort', end);
    },
  };
}
