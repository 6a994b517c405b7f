import { Command, Option } from 'commander';
import { collect } from '../cli/collect.js';
import { findRuns } from '../cli/find-runs.js';
import { lookAt } from '../cli/follow.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { checkReports, openReporting } from '../cli/reporting.js';
import { terminalOf } from '../cli/terminal.js';
import { withLazyServer } from '../cli/with-server.js';
import { readReport, readReportHere } from '../client/report.js';
import { runOf } from '../client/run.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import type { RunView } from '../render/run-view.js';
import { renderShow } from '../render/show.js';
import { renderStanding } from '../render/standing.js';
import { parseReporter, REPORTER_WORDS } from '../reporters/index.js';
import type { ServerConnection } from '../stack/server-connection.js';

type ShowFlags = {
  readonly json?: true;
  readonly failed?: true;
  readonly verbose?: true;
  readonly reporter: readonly string[];
};

/** `holdfast show`: prints the result of a run. Needs no server if the run has finished and its report is on this machine. */
export function showCommand(io: Io): Command {
  const command = addProjectFlags(new Command('show').description('print the result of a run'))
    .argument('[RUN]', 'the runs started last here, if not given')
    .option('--json', 'print JSON')
    .option('--failed', 'only failures, in full')
    .option('--verbose', 'also every attempt, with its worker')
    .addOption(
      new Option('--reporter <name=path>', `write a report: ${REPORTER_WORDS}; may be repeated`)
        .argParser(collect)
        .default([], 'none'),
    );
  return command.action(async (name: string | undefined, flags: ShowFlags) => {
    const settings = await projectOf(io, command);
    await withLazyServer(io, settings, async (open) => {
      const names = await findRuns(name, settings, open);
      const reports: SuiteReport[] = [];
      for (const { suite, runId } of names) {
        const stored = await readReportHere(settings.objects, suite, runId);
        const found = stored ?? (await fetchRun(await open(), settings.objects, suite, runId));
        if ('files' in found) reports.push(found);
        else io.stderr.write(renderStanding(found, terminalOf(io.stderr, io.env)));
      }
      await print(io, reports, flags);
    });
  });
}

/** The run's report, or its current state while it is running. */
async function fetchRun(server: ServerConnection, objects: string, suite: string, runId: string): Promise<SuiteReport | RunView> {
  const run = runOf(server.client, suite, runId);
  await run.find(); // Without this, a run that is only just starting would look ended, and its result would be waited for.
  if (await run.isRunning()) return lookAt(server, run);
  return readReport(objects, server, await run.result());
}

async function print(
  io: Io,
  reports: readonly SuiteReport[],
  { json, failed, verbose, reporter: words }: ShowFlags,
): Promise<void> {
  const specs = words.map(parseReporter);
  if (json || specs.length > 0) {
    const wanted = json ? [...specs, { name: 'json', path: '-' } as const] : specs;
    await checkReports(io, wanted);
    const silent = { ...io, stderr: { write: () => undefined } };
    await (await openReporting(silent, { specs: wanted, folderOf: () => '.' })).finish(reports);
    return;
  }
  const look = terminalOf(io.stdout, io.env);
  for (const report of reports)
    io.stdout.write(renderShow(report, { failedOnly: failed ?? false, verbose: verbose ?? false }, look));
}
