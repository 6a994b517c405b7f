import { Argument, Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { RunnerError } from '../core/errors.js';
import { runIdFrom } from '../core/model/run-id.js';
import { endStack } from '../stack/join.js';
import { STATE_PARTS, type StatePart, setAside } from '../stack/set-aside.js';

/** `holdfast reset`: puts state of this project that is damaged aside, so that the next command starts without it. */
export function resetCommand(io: Io): Command {
  const command = addProjectFlags(new Command('reset').description('put damaged state of this project aside, and start anew'))
    .addArgument(
      new Argument('[PART]', 'server: its runs that have not ended, and schedules; results: durations and finished runs').choices(
        STATE_PARTS,
      ),
    )
    .option('--force', 'even if a run or another command uses the stack');
  return command.action(async (part: StatePart | undefined, { force = false }: { readonly force?: boolean }) => {
    const { stateFolder } = await projectOf(io, command);
    if ((await endStack(stateFolder, { ifUnused: !force })) === 'busy')
      throw new RunnerError('STACK_BUSY', 'A run or another command uses the stack of this project.', {
        remedy: 'Wait for it, or pass --force.',
      });
    const aside = await setAside(stateFolder, part === undefined ? STATE_PARTS : [part], runIdFrom(io.now(), io.random()));
    io.stdout.write(
      aside === null ? 'There is nothing to reset.\n' : `The next command starts anew. A copy is kept in ${aside}.\n`,
    );
  });
}
