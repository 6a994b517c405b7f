import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, suitesOf } from '../cli/with-suites.js';
import { toCount } from '../cli/words.js';
import { ask } from '../client/lookup.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Observation } from '../core/history/flakiness.js';
import { renderTable } from '../render/show.js';
import { momentOf, testOf } from '../render/wording.js';

/** `holdfast history FILE|CASE`: lists the result of a file or case in each run, newest first. */
export function historyCommand(io: Io): Command {
  const command = addSuiteFlags(new Command('history').description('list the results of one test file or case, newest first'))
    .argument('<file|case>', 'path of a test file, or name of a case, alone or with its groups: "group > case"')
    .option('--runs <n>', 'how many of the newest runs to read', toCount, DEFAULTS.flakyRuns)
    .option('--json', 'print JSON');
  return command.action(async (subject: string, { runs, json }: { readonly runs: number; readonly json?: true }) => {
    const settings = await suitesOf(io, command);
    const found = await withServer(io, settings, ({ client, queues }) =>
      Promise.all(
        settings.suites.map(async ({ name }) => {
          const past = { suite: name, runs, subject };
          const { observations } = await ask(client, queues, { kind: 'observations', past });
          return { suite: name, observations: ofSubject(observations, subject).toReversed() };
        }),
      ),
    );
    if (found.every(({ observations }) => observations.length === 0))
      throw new RunnerError('NO_MATCH', `No recorded run has a result of ${JSON.stringify(subject)}.`);
    if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suites: found }, null, 2)}\n`);
    else
      for (const { suite, observations } of found)
        if (observations.length > 0)
          io.stdout.write(`${suite}\n${renderTable(HEAD, observations.map(rowOf), terminalOf(io.stdout, io.env))}`);
  });
}

const HEAD = ['started', 'run', 'commit', 'result', 'test', 'red on'];

/** For a file, only its own results, not those of its cases; otherwise the cases matched by name. */
function ofSubject(observations: readonly Observation[], subject: string): readonly Observation[] {
  const isFile = observations.some(({ path, name }) => path === subject && name === null);
  return isFile ? observations.filter(({ path, name }) => path === subject && name === null) : observations;
}

function rowOf({ atMs, runId, commit, hasPassed, hasFailed, path, name, machines }: Observation): string[] {
  return [
    momentOf(atMs),
    runId,
    commit?.slice(0, 10) ?? '',
    hasPassed && hasFailed ? 'both' : hasPassed ? 'passed' : 'red',
    testOf({ path, name }),
    machines.join('; '),
  ];
}
