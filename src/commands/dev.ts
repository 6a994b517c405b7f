import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { untilTold } from '../cli/until-told.js';
import { hostStack } from '../stack/host.js';

/** `holdfast dev`: keeps the embedded stack up. With `--until-idle` it is what `run` starts for itself. */
export function devCommand(io: Io): Command {
  const command = addProjectFlags(new Command('dev').description('keep the embedded stack up until Ctrl-C'), [
    'config',
    'workers',
  ]).option('--until-idle', 'leave when nobody is connected and no run goes on');
  return command.action(async () => {
    const settings = await projectOf(io, command);
    await hostStack({
      settings,
      env: io.env,
      untilIdle: command.opts<{ untilIdle?: true }>().untilIdle ?? false,
      log: (line) => void io.stderr.write(`${line}\n`),
      signal: untilTold(io),
      onUp: ({ temporalAddress, webUrl, slots }) => {
        io.stdout.write(
          `The stack is up: Temporal at ${temporalAddress}, ${slots} slots. ${webUrl ? `Web UI: ${webUrl}\n` : '\n'}`,
        );
      },
    });
  });
}
