import { Command } from 'commander';
import { observeFleet } from '../adapters/temporal/fleet.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { readRunFlags } from '../cli/run-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { loadProject } from '../config/load-settings.js';
import { renderTable } from '../render/show.js';
import { formatDuration } from '../render/wording.js';
import { openSession } from '../stack/server-session.js';

/** `holdfast workers`: who polls for tests, with how many slots, who takes none and why, and when each was last seen. */
export function workersCommand(io: Io): Command {
  const command = addProjectFlags(new Command('workers').alias('nodes').description('list the test workers')).option(
    '--json',
    'print it for programs',
  );
  return command.action(async ({ json }: { readonly json?: true }) => {
    const settings = await loadProject({ flags: readRunFlags(command), env: io.env, cwd: io.cwd });
    const session = await openSession({ settings, env: io.env });
    try {
      const { connection, namespace, queues } = session;
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
    } finally {
      await session.leave();
    }
  });
}
