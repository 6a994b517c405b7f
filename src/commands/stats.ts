import { Command } from 'commander';
import { observeFleet } from '../adapters/temporal/fleet.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { activeRuns } from '../client/list-runs.js';
import { runOf } from '../client/run.js';
import { createWatch } from '../client/watch.js';
import { fleetSnapshot } from '../core/fleet/fleet.js';
import { type Stats, statsOf, statsOfRun } from '../core/fleet/stats.js';
import { renderTable } from '../render/show.js';
import { formatDuration, plural } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';

/** `holdfast stats`: prints the demand on the fleet and its capacity, for autoscalers and dashboards. */
export function statsCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('stats').description('print running and waiting attempts and idle slots, for autoscalers'),
  ).option('--json', 'print JSON');
  return command.action(async ({ json }: { readonly json?: true }) => {
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      const stats = await observe(server, io.now());
      const queue = server.queues.tests;
      io.stdout.write(json ? `${JSON.stringify({ schemaVersion: 1, queue, ...stats }, null, 2)}\n` : toText(io, stats));
    });
  });
}

async function observe(server: ServerConnection, nowMs: number): Promise<Stats> {
  const { client, connection, namespace, queues } = server;
  const [seen, active] = await Promise.all([observeFleet(connection, namespace, queues.tests), activeRuns(server)]);
  const runs = await Promise.all(
    active.map(async (run) => {
      const snapshot = await createWatch(client, runOf(client, run.suite, run.runId))
        .look()
        .catch(() => null);
      return statsOfRun(run, snapshot?.progress ?? null, snapshot?.running.length ?? 0);
    }),
  );
  const { slots } = fleetSnapshot(seen, {}, nowMs);
  return statsOf(runs, { workers: seen.filter(({ sick }) => sick === null).length, slots });
}

function toText(io: Io, { workers, slots, running, idle, waiting, blocked, runs }: Stats): string {
  const fleet = `${plural(workers, 'worker')} with ${plural(slots, 'slot')}: ${running} running, ${idle} idle`;
  const demand = `${waiting} waiting for a slot${blocked > 0 ? `, ${blocked} for what others hold` : ''}`;
  if (runs.length === 0) return `${fleet}; no run is running\n`;
  const rows = runs.map((run) => [
    `${run.suite}/${run.runId}`,
    String(run.running),
    run.answers ? String(run.waiting) : '?',
    run.answers ? String(run.blocked) : '?',
    run.remainingMs === null ? 'unknown' : formatDuration(run.remainingMs),
  ]);
  return `${fleet}; ${demand}\n${renderTable(['run', 'running', 'waiting', 'blocked', 'work left'], rows, terminalOf(io.stdout, io.env))}`;
}
