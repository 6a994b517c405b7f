import type { Run } from '../client/run.js';
import { EXIT } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { exitCodeOfAll } from '../render/exit-code.js';
import type { Reporter } from '../reporters/index.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { follow } from './follow.js';
import type { Io } from './io.js';

export type Watching = {
  readonly runs: readonly Run[];
  readonly reporter: Reporter;
  readonly objects: string;
  /** Judges what is known only once all files of a run have ended. */
  readonly judge?: (report: SuiteReport) => Promise<SuiteReport>;
};

/**
 * Shows runs until they have ended, reports them and sets the exit code. The first Ctrl-C cancels the runs and waits for their
 * end; the second leaves without waiting.
 */
export async function watchToTheEnd(
  io: Io,
  server: ServerConnection,
  { runs, reporter, objects, judge }: Watching,
): Promise<void> {
  const leaving = new AbortController();
  let interrupts = 0;
  const removeListener = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts === 1) {
      reporter.note('Cancelling the run. Press Ctrl-C again to leave without waiting for its end.');
      for (const run of runs)
        run.cancel().catch((error: unknown) => reporter.note(`It could not be cancelled: ${String(error)}`));
    } else {
      leaving.abort();
    }
  });
  try {
    const ended = await follow(server, runs, { reporter, objects, signal: leaving.signal });
    if (ended === 'left') {
      for (const { suite, runId } of runs)
        reporter.note(`Left ${suite}/${runId}. To see it again: holdfast attach ${suite}/${runId}`);
      await reporter.finish([]);
      io.setExitCode(EXIT.cancelled);
      return;
    }
    io.setExitCode(exitCodeOfAll(ended));
    const reports = await inTurn(ended, judge);
    io.setExitCode(exitCodeOfAll(reports)); // First: the verdict stands, whatever fails from here on.
    await reporter.finish(reports);
  } finally {
    removeListener();
  }
}

async function inTurn(
  reports: readonly SuiteReport[],
  judge: Watching['judge'] = async (report) => report,
): Promise<readonly SuiteReport[]> {
  const judged: SuiteReport[] = [];
  for (const report of reports) judged.push(await judge(report));
  return judged;
}
