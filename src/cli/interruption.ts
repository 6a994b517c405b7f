import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../client/run.js';
import { DEFAULTS } from '../core/defaults.js';
import type { Io } from './io.js';

export type Interruption = {
  /** Aborted when the command is to leave without waiting for the end of its runs. */
  readonly leaving: AbortSignal;
  /** What becomes of each run that is left, in a sentence. */
  whatGoesOn(): readonly string[];
  /** From now on, signals have their usual effect again. */
  close(): void;
};

/**
 * Cancels runs at the first Ctrl-C or SIGTERM, and leaves them at the second. CI systems send SIGTERM and kill some seconds later, so
 * that after one the command leaves by itself.
 */
export function listenForInterrupts(io: Io, runs: readonly Run[], note: (text: string) => void): Interruption {
  const leaving = new AbortController();
  const cancelled = new Set<Run>();
  let requests: Promise<unknown> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const request = (run: Run) =>
    run.cancel().then(
      () => cancelled.add(run),
      (error: unknown) => note(`It could not be cancelled: ${String(error)}`),
    );
  const cancel = () => {
    requests = Promise.all(runs.map(request));
  };
  /** Not before the server has the requests, unless it is slow. */
  const leave = async () => {
    await Promise.race([requests, delay(DEFAULTS.cancelRequestMs, undefined, { ref: false })]);
    leaving.abort();
  };
  const forget = [
    io.onInterrupt(() => {
      if (requests !== null) return void leave();
      note('Cancelling the run. Press Ctrl-C again to leave without waiting for its end.');
      cancel();
    }),
    io.onSignal('SIGTERM', () => {
      if (requests !== null) return void leave();
      note(`SIGTERM: cancelling the run. Leaving in ${DEFAULTS.terminationPatienceMs / 1_000} s if it has not ended by then.`);
      cancel();
      timer = setTimeout(() => leaving.abort(), DEFAULTS.terminationPatienceMs);
    }),
  ];
  return {
    leaving: leaving.signal,
    whatGoesOn: () =>
      runs.map((run) => {
        const name = `${run.suite}/${run.runId}`;
        return cancelled.has(run)
          ? `Left ${name}, which is cancelled: what it was running ends, and the rest is not run. To see its end: holdfast attach ${name}`
          : `Left ${name}, which goes on: it could not be cancelled. To end it: holdfast cancel ${name}; to see it: holdfast attach ${name}`;
      }),
    close() {
      clearTimeout(timer);
      for (const remove of forget) remove();
    },
  };
}
