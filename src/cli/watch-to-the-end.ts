import type { Run } from '../client/run.js';
import { EXIT } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { exitCodeOfAll } from '../render/exit-code.js';
import type { Reporter } from '../reporters/index.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { follow } from './follow.js';
import { listenForInterrupts } from './interruption.js';
import type { Io } from './io.js';

export type Watching = {
  readonly runs: readonly Run[];
  readonly reporter: Reporter;
  readonly objects: string;
  /** Judges what is known only once all files of a run have ended. */
  readonly judge?: (report: SuiteReport) => Promise<SuiteReport>;
};

/**
 * Shows runs until they have ended, reports them and sets the exit code. The first Ctrl-C or SIGTERM cancels the runs and waits for
 * their end, SIGTERM only for some seconds; the second leaves without waiting.
 */
export async function watchToTheEnd(
  io: Io,
  server: ServerConnection,
  { runs, reporter, objects, judge }: Watching,
): Promise<void> {
  const interruption = listenForInterrupts(io, runs, (text) => reporter.note(text));
  try {
    const ended = await follow(server, runs, { reporter, objects, signal: interruption.leaving });
    if (ended === 'left') {
      for (const text of interruption.whatGoesOn()) reporter.note(text);
      await reporter.finish([]);
      io.setExitCode(EXIT.cancelled);
      return;
    }
    io.setExitCode(exitCodeOfAll(ended));
    const reports = await inTurn(ended, judge);
    io.setExitCode(exitCodeOfAll(reports)); // First: the verdict stands, whatever fails from here on.
    await reporter.finish(reports);
  } finally {
    interruption.close();
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
