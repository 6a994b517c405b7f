import { Command } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { withServer } from '../cli/with-server.js';
import { activeRuns } from '../client/list-runs.js';
import { runOf } from '../client/run.js';

type CancelFlags = { readonly all?: true; readonly owner?: string };

/** `holdfast cancel`: requests the cancellation of runs. A run that has already ended stays as it is. */
export function cancelCommand(io: Io): Command {
  const command = addProjectFlags(new Command('cancel').description('cancel runs'))
    .argument('[RUN]', 'the runs started last here, if not given')
    .option('--all', 'every running run')
    .option('--owner <name>', 'every running run of this owner');
  return command.action(async (name: string | undefined, { all, owner }: CancelFlags) => {
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      const names =
        all || owner !== undefined
          ? (await activeRuns(server)).filter((run) => owner === undefined || run.owner === owner)
          : await findRuns(name, settings, async () => server);
      if (names.length === 0) io.stdout.write('No run is running.\n');
      for (const { suite, runId } of names) {
        const isCancelling = await runOf(server.client, suite, runId).cancel();
        io.stdout.write(isCancelling ? `Cancelling ${suite}/${runId}.\n` : `${suite}/${runId} has already ended.\n`);
      }
    });
  });
}
