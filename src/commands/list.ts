import { Command } from 'commander';
import { toCount } from '../cli/count.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { readRunFlags } from '../cli/run-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { listRuns } from '../client/list-runs.js';
import { loadProject } from '../config/load-settings.js';
import { renderList } from '../render/show.js';
import { openSession } from '../stack/server-session.js';

type ListFlags = { readonly limit: number; readonly owner?: string; readonly json?: true };

/** `holdfast list`: runs that go on and runs that have ended, newest first. */
export function listCommand(io: Io): Command {
  const command = addProjectFlags(new Command('list').alias('ps').description('list runs, newest first'))
    .option('--limit <n>', 'at most so many', toCount, 20)
    .option('--owner <name>', 'only those of this owner')
    .option('--json', 'print it for programs');
  return command.action(async ({ limit, owner, json }: ListFlags) => {
    const settings = await loadProject({ flags: readRunFlags(command), env: io.env, cwd: io.cwd });
    const session = await openSession({ settings, env: io.env });
    try {
      const runs = (await listRuns(session, limit)).filter((run) => owner === undefined || run.owner === owner);
      io.stdout.write(
        json ? `${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n` : renderList(runs, terminalOf(io.stdout, io.env)),
      );
    } finally {
      await session.leave();
    }
  });
}
