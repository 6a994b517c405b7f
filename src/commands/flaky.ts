import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, suitesOf } from '../cli/with-suites.js';
import { toCount } from '../cli/words.js';
import { ask } from '../client/lookup.js';
import { DEFAULTS } from '../core/defaults.js';
import { type Suspect, suspectsOf } from '../core/history/flakiness.js';
import { dayOf } from '../core/plan/day.js';
import { renderTable } from '../render/show.js';
import { plural, rateOf, testOf } from '../render/wording.js';
import { investigateCommand } from './investigate.js';

/** `holdfast flaky`: lists flaky tests with their failure rate, and tests that are broken rather than flaky. */
export function flakyCommand(io: Io): Command {
  const command = new Command('flaky').description('find flaky tests, and tests that are broken');
  const list = addSuiteFlags(new Command('list').description('list flaky and broken tests, most often red first (default)'));
  list
    .option('--runs <n>', 'how many of the newest runs to read', toCount, DEFAULTS.flakyRuns)
    .option('--json', 'print JSON')
    .action(async ({ runs, json }: { readonly runs: number; readonly json?: true }) => {
      const settings = await suitesOf(io, list);
      const found = await withServer(io, settings, ({ client, queues }) =>
        Promise.all(
          settings.suites.map(async ({ name }) => {
            const past = { suite: name, runs };
            const { observations } = await ask(client, queues, { kind: 'observations', past });
            return { suite: name, suspects: suspectsOf(observations) };
          }),
        ),
      );
      if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suites: found }, null, 2)}\n`);
      else for (const { suite, suspects } of found) io.stdout.write(toText(io, suite, suspects, runs));
    });
  return command.addCommand(list, { isDefault: true }).addCommand(investigateCommand(io));
}

function toText(io: Io, suite: string, suspects: readonly Suspect[], runs: number): string {
  if (suspects.length === 0) return `${suite}: nothing red in the last ${plural(runs, 'run')}\n`;
  const rows = suspects.map(({ path, name, kind, flakiness, failures, runs: seen, firstSeen, lastSeen, machines }) => [
    kind,
    testOf({ path, name }),
    kind === 'flaky' ? rateOf(flakiness) : '',
    `${failures} of ${seen}`,
    dayOf(lastSeen.atMs),
    firstSeen.commit?.slice(0, 10) ?? firstSeen.runId,
    machines.join('; '),
  ]);
  const head = ['', 'test', 'red by chance', 'red runs', 'last', 'since', 'machines'];
  return `${suite}\n${renderTable(head, rows, terminalOf(io.stdout, io.env))}`;
}
