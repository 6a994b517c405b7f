import { hostname, userInfo } from 'node:os';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { withServer } from '../cli/with-server.js';
import { toCount, toDuration } from '../cli/words.js';
import { changeRun } from '../client/change-run.js';
import { runOf } from '../client/run.js';
import { type Change, describeChange } from '../core/model/change.js';

/** `holdfast ctl`: changes a running run, with one subcommand per change. */
export function ctlCommand(io: Io): Command {
  const file = new Argument('<FILE>', 'path of a test file, as the run names it');
  const limit = new Argument('<N|auto>', 'most files in flight; auto: as many as the fleet takes').argParser(
    orNull('auto', toCount),
  );
  const longer = new Argument('<DURATION>', 'how much longer: 30s, 5m, 1h').argParser(toDuration());
  const longest = new Argument('<DURATION|none>', 'longest that the run may take, from its start');
  longest.argParser(orNull('none', toDuration()));
  const verbs = [
    verb(io, 'pause', 'start no more files; running ones finish', [], () => ({ kind: 'pause' })),
    verb(io, 'resume', 'end a pause', [], () => ({ kind: 'resume' })),
    verb<[string]>(io, 'skip', 'leave a file out, and end it if it is running', [file], (path) => ({ kind: 'skip', path })),
    verb<[string]>(io, 'cancel', 'stop a file without a verdict; the run is then incomplete', [file], (path) => ({
      kind: 'cancel',
      path,
    })),
    verb<[string]>(io, 'quarantine', 'let a file fail without failing the run', [file], (path) => ({ kind: 'quarantine', path })),
    verb<[string, number]>(io, 'extend', 'let a file run longer, at most by its own timeout', [file, longer], (path, byMs) => ({
      kind: 'extend',
      path,
      byMs,
    })),
    verb<[number | null]>(io, 'concurrency', 'change how many files may be in flight', [limit], (most) => ({
      kind: 'concurrency',
      limit: most,
    })),
    verb<[number | null]>(io, 'run-timeout', 'change how long the run may take', [longest], (timeoutMs) => ({
      kind: 'runTimeout',
      timeoutMs,
    })),
  ];
  const ctl = new Command('ctl').description('change a running run');
  for (const command of verbs) ctl.addCommand(command);
  return ctl.addHelpText('after', '\nThe run records every change, with who made it and when.');
}

/** A subcommand. `W` are the parsed values of its own arguments; RUN comes last. */
function verb<W extends readonly unknown[]>(
  io: Io,
  name: string,
  about: string,
  own: readonly Argument[],
  changeOf: (...words: W) => Change,
): Command {
  const command = addProjectFlags(new Command(name).description(about));
  for (const argument of own) command.addArgument(argument);
  command.argument('[RUN]', 'the runs started last here, if not given');
  return command.action(async () => {
    const words: unknown[] = command.processedArgs;
    const change = changeOf(...(words.slice(0, own.length) as unknown as W)); // Commander has parsed them and rejected missing ones.
    const run = words[own.length] as string | undefined;
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      for (const { suite, runId } of await findRuns(run, settings, async () => server)) {
        await changeRun(server.client, runOf(server.client, suite, runId), change, userAtHost());
        io.stdout.write(`${suite}/${runId}: ${describeChange(change)}.\n`);
      }
    });
  });
}

/** A parser that maps the word `none` to null and leaves all others to `read`. */
function orNull(none: string, read: (word: string) => number): (word: string) => number | null {
  return (word) => {
    if (word === none) return null;
    try {
      return read(word);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InvalidArgumentError(`${error.message}, or ${none}`);
    }
  };
}

function userAtHost(): string {
  return `${userInfo().username}@${hostname()}`;
}
