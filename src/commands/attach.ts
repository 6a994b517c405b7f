import { Command, Option } from 'commander';
import { collect } from '../cli/collect.js';
import { coverageJudge } from '../cli/coverage.js';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { isWatched, readLastRun } from '../cli/last-run.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { checkReports, openReporting } from '../cli/reporting.js';
import { watchToTheEnd } from '../cli/watch-to-the-end.js';
import { withServer } from '../cli/with-server.js';
import { allSuitesOf } from '../cli/with-suites.js';
import { runOf } from '../client/run.js';
import { isCoverageOpen } from '../core/model/coverage.js';
import { parseReporter, REPORTER_WORDS } from '../reporters/index.js';

/** `holdfast attach`: watches a run to its end and exits with its code, like the command that started it. */
export function attachCommand(io: Io): Command {
  const command = addProjectFlags(new Command('attach').description('watch a run to its end, and exit with its exit code'))
    .argument('[RUN]', 'the runs started last here, if not given')
    .addOption(
      new Option('--reporter <name[=path]>', `${REPORTER_WORDS}; may be repeated`)
        .argParser(collect)
        .default([], 'live on a terminal, ci elsewhere'),
    );
  return command.action(async (name: string | undefined, { reporter: words }: { reporter: readonly string[] }) => {
    const settings = await projectOf(io, command);
    const specs = words.map(parseReporter);
    await checkReports(io, specs);
    const reporter = await openReporting(io, { specs, folderOf: () => '.' });
    await withServer(io, settings, async (server) => {
      const names = await findRuns(name, settings, async () => server);
      const runs = names.map(({ suite, runId }) => runOf(server.client, suite, runId));
      await Promise.all(runs.map((run) => run.find()));
      const lastRun = await readLastRun(settings);
      await watchToTheEnd(io, server, {
        runs,
        reporter,
        objects: settings.objects,
        // The command that started the run judges its coverage, unless it has left.
        ...((lastRun === null || !isWatched(lastRun)) && {
          judge: async (report) => {
            if (!isCoverageOpen(report)) return report;
            const print = (text: string) => reporter.note(text);
            return coverageJudge({ settings: await allSuitesOf(io, command), server, env: io.env, print })(report);
          },
        }),
      });
    });
  });
}
