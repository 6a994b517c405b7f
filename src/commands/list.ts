import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { toCount } from '../cli/words.js';
import { listRuns } from '../client/list-runs.js';
import { renderList } from '../render/show.js';

type ListFlags = { readonly limit: number; readonly owner?: string; readonly json?: true };

/** `holdfast list`: lists running and finished runs, newest first. */
export function listCommand(io: Io): Command {
  const command = addProjectFlags(new Command('list').alias('ps').description('list runs, newest first'))
    .option('--limit <n>', 'how many runs', toCount, 20)
    .option('--owner <name>', 'only runs of this owner')
    .option('--json', 'print JSON');
  return command.action(async ({ limit, owner, json }: ListFlags) => {
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      const runs = (await listRuns(server, limit)).filter((run) => owner === undefined || run.owner === owner);
      io.stdout.write(
        json ? `${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n` : renderList(runs, terminalOf(io.stdout, io.env)),
      );
    });
  });
}
