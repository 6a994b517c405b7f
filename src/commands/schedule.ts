import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { isScheduleName, nextTime } from '../cli/schedule-words.js';
import { terminalOf } from '../cli/terminal.js';
import { withSchedules } from '../cli/with-schedules.js';
import type { Schedule, Schedules } from '../client/schedules.js';
import { RunnerError } from '../core/errors.js';
import { renderTable } from '../render/show.js';
import { createCommand } from './schedule-create.js';

/** `holdfast schedule`: manages schedules, by which the server starts runs at set times, with no client needed. */
export function scheduleCommand(io: Io): Command {
  return new Command('schedule')
    .description('run a suite on a schedule')
    .addCommand(createCommand(io))
    .addCommand(listCommand(io))
    .addCommand(
      onOne(io, 'trigger', 'start a run now, and print its name', async (schedules, name) => {
        const triggered = await schedules.trigger(name);
        if (triggered.kind === 'started') io.stdout.write(`${triggered.suite}/${triggered.runId}\n`);
        else io.stderr.write(`Nothing was started: the last run of ${name} is still running.\n`);
      }),
    )
    .addCommand(
      onOne(io, 'pause', 'start no more runs until `schedule resume`', async (schedules, name) => {
        await schedules.pause(name);
        io.stdout.write(`Paused ${name}. A running run continues.\n`);
      }),
    )
    .addCommand(
      onOne(io, 'resume', 'end a pause', async (schedules, name) => {
        io.stdout.write(`Resumed ${name}: next ${nextTime(await schedules.resume(name))}.\n`);
      }),
    )
    .addCommand(
      onOne(io, 'delete', 'delete a schedule; its runs stay', async (schedules, name) => {
        await schedules.delete(name);
        io.stdout.write(`Deleted ${name}. Its runs stay, and a running one continues.\n`);
      }),
    );
}

function listCommand(io: Io): Command {
  const command = addProjectFlags(new Command('list').description('list the schedules')).option('--json', 'print JSON');
  return command.action(async ({ json }: { readonly json?: true }) => {
    const settings = await projectOf(io, command);
    const all = await withSchedules(io, settings, (schedules) => schedules.list());
    if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, schedules: all }, null, 2)}\n`);
    else if (all.length === 0) io.stdout.write('There are no schedules.\n');
    else io.stdout.write(renderTable(HEAD, all.map(rowOf), terminalOf(io.stdout, io.env)));
  });
}

const HEAD = ['Schedule', 'Suite', 'Cron', 'Timezone', 'Next', 'Last run', 'Skipped', 'Missed'];

function rowOf(schedule: Schedule): string[] {
  const { name, suite, cron, timezone, isPaused, lastRunId, skipped, missed } = schedule;
  const count = (times: number) => (times === 0 ? '' : String(times));
  return [name, suite, cron, timezone, isPaused ? 'paused' : nextTime(schedule), lastRunId ?? '', count(skipped), count(missed)];
}

/** A subcommand that acts on one schedule. */
function onOne(io: Io, verb: string, about: string, act: (schedules: Schedules, name: string) => Promise<void>): Command {
  const command = addProjectFlags(new Command(verb).description(about)).argument('<NAME>', 'name of the schedule');
  return command.action(async (name: string) => {
    if (!isScheduleName(name)) throw new RunnerError('SCHEDULE_UNKNOWN', `There is no schedule ${JSON.stringify(name)}.`);
    const settings = await projectOf(io, command);
    await withSchedules(io, settings, (schedules) => act(schedules, name));
  });
}
