import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addSlotFlags, projectOf } from '../cli/project-flags.js';
import { stopSignalOf } from '../cli/stop-signal.js';
import { hostStack } from '../stack/host.js';

/** `holdfast dev`: keeps the embedded stack up. `run` starts it with `--until-idle`. */
export function devCommand(io: Io): Command {
  const command = addSlotFlags(new Command('dev').description('run the embedded stack (server and workers) until Ctrl-C')).option(
    '--until-idle',
    'exit when nobody is connected and no run is running',
  );
  return command.action(async () => {
    const settings = await projectOf(io, command);
    await hostStack({
      settings,
      env: io.env,
      untilIdle: command.opts<{ untilIdle?: true }>().untilIdle ?? false,
      log: (line) => void io.stderr.write(`${line}\n`),
      signal: stopSignalOf(io),
      onUp: ({ temporalAddress, webUrl, slots }) => {
        io.stdout.write(
          `The stack is up: Temporal at ${temporalAddress}, ${slots} slots. ${webUrl ? `Web UI: ${webUrl}\n` : '\n'}`,
        );
      },
    });
  });
}
