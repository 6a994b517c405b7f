import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { RunnerError } from '../core/errors.js';
import { endStack } from '../stack/join.js';

/** `holdfast stop`: ends the embedded stack of this project, which stays up for a while after a command on a terminal. */
export function stopCommand(io: Io): Command {
  const command = addProjectFlags(new Command('stop').description('end the embedded stack of this project')).option(
    '--force',
    'even if others use it; a run that it interrupts continues with the next command like it',
  );
  return command.action(async ({ force = false }: { readonly force?: boolean }) => {
    const { stateFolder } = await projectOf(io, command);
    const end = await endStack(stateFolder, { ifUnused: !force });
    if (end === 'busy')
      throw new RunnerError('STACK_BUSY', 'A run or another command uses the stack of this project.', {
        remedy: 'Wait for it, or pass --force.',
      });
    io.stdout.write(end === 'none' ? 'No stack of this project is up.\n' : 'The stack has ended.\n');
  });
}
