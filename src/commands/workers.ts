import { Command } from 'commander';
import { observeFleet } from '../adapters/temporal/fleet.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { renderTable } from '../render/show.js';
import { formatDuration } from '../render/wording.js';

/** `holdfast workers`: lists the test workers with their slots, when they were last seen, and why a sick one takes no work. */
export function workersCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('workers').alias('nodes').description('list the test workers, their slots and their state'),
  ).option('--json', 'print JSON');
  return command.action(async ({ json }: { readonly json?: true }) => {
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      const { connection, namespace, queues } = server;
      const workers = await observeFleet(connection, namespace, queues.tests);
      if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, queue: queues.tests, workers }, null, 2)}\n`);
      else if (workers.length === 0) io.stdout.write(`No test worker polls ${queues.tests}.\n`);
      else {
        const rows = workers.map(({ worker, slots, lastSeenMs, sick }) => [
          worker,
          String(slots),
          sick === null ? 'takes work' : `sick: ${sick}`,
          `${formatDuration(io.now() - lastSeenMs)} ago`,
        ]);
        io.stdout.write(renderTable(['worker', 'slots', 'state', 'last seen'], rows, terminalOf(io.stdout, io.env)));
      }
    });
  });
}
