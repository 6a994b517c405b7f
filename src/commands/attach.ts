import { Command, Option } from 'commander';
import { collect } from '../cli/collect.js';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { checkReports, openReporting } from '../cli/reporting.js';
import { watchToTheEnd } from '../cli/watch-to-the-end.js';
import { withServer } from '../cli/with-server.js';
import { runOf } from '../client/run.js';
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
      await watchToTheEnd(io, server, { runs, reporter, objects: settings.objects });
    });
  });
}
