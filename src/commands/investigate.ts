import { Command } from 'commander';
import { observeFleet } from '../adapters/temporal/fleet.js';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, onlyOne, suitesOf } from '../cli/with-suites.js';
import { toCount } from '../cli/words.js';
import { readReport } from '../client/report.js';
import { startSuite } from '../client/start.js';
import { toSuiteInput } from '../config/suite-input.js';
import { DEFAULTS } from '../core/defaults.js';
import { EXIT } from '../core/errors.js';
import { fleetSnapshot } from '../core/fleet/fleet.js';
import { type Condition, type ConditionResult, concludeInvestigation, conditionsFor } from '../core/history/investigation.js';
import { runIdFrom } from '../core/model/run-id.js';
import type { SuiteInput } from '../core/model/suite.js';
import { renderTable } from '../render/show.js';
import { rateOf } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';

/** `holdfast flaky investigate`: repeats one file under several conditions, and reports the failure rates and what they depend on. */
export function investigateCommand(io: Io): Command {
  const command = addSuiteFlags(
    new Command('investigate').description('run one file many times on idle slots, to find what its failures depend on'),
  )
    .argument('<file>', 'path of the test file, relative to the folder of its suite')
    .option('-n, --times <n>', 'how many times in all', toCount, DEFAULTS.investigations)
    .option('--json', 'print JSON');
  return command.action(async (file: string, { times, json }: { readonly times: number; readonly json?: true }) => {
    const settings = await suitesOf(io, command);
    const suite = onlyOne(settings.suites);
    const results = await withServer(
      io,
      settings,
      async (server) => {
        const { connection, namespace, queues } = server;
        const { largest } = fleetSnapshot(await observeFleet(connection, namespace, queues.tests), {}, io.now());
        const conditions = conditionsFor(suite.framework.name, { times, largest: Math.max(1, largest) });
        const found: ConditionResult[] = [];
        for (const condition of conditions) {
          if (!json) io.stderr.write(`${condition.name}: ${condition.times} times …\n`);
          const identity = { runId: runIdFrom(io.now(), io.random()), ciAttempt: 1, previousRunId: null, commit: null };
          const input = inputOf(toSuiteInput(settings, suite, identity), file, condition);
          found.push({ condition, ...(await repeat(server, { ...input, queues }, settings.objects)) });
        }
        return found;
      },
      { isForRuns: true },
    );
    const verdict = concludeInvestigation(file, suite.name, results);
    if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suite: suite.name, file, ...verdict }, null, 2)}\n`);
    else {
      const rows = verdict.conditions.map(({ name, runs, failures, rate }) => [
        name,
        String(runs),
        String(failures),
        rateOf(rate),
      ]);
      io.stdout.write(renderTable(['how', 'runs', 'red', 'rate'], rows, terminalOf(io.stdout, io.env)));
      io.stdout.write(`${verdict.conclusion}\n${verdict.reproduction === null ? '' : `To see it: ${verdict.reproduction}\n`}`);
    }
    io.setExitCode(verdict.conditions.some(({ failures }) => failures > 0) ? EXIT.testsFailed : EXIT.ok);
  });
}

/** The input of one condition: repeats on otherwise idle slots, without retries, so that every attempt counts. */
function inputOf(input: SuiteInput, file: string, { times, slots, args }: Condition): SuiteInput {
  return {
    ...input,
    isBackground: true,
    repeatEach: times,
    repeatNew: 1,
    selection: { ...input.selection, only: [file] },
    framework: { ...input.framework, args: [...input.framework.args, ...args] },
    budget: { ...input.budget, maxAttempts: 1 },
    rules:
      slots > 1
        ? [{ files: '**', slots }, ...(input.rules ?? []).filter((rule) => rule.slots === undefined)]
        : (input.rules ?? []),
    speculation: false,
    secondLook: false,
    maxFailures: null,
  };
}

async function repeat(
  server: ServerConnection,
  input: SuiteInput,
  objects: string,
): Promise<{ readonly runs: number; readonly failures: number }> {
  const { run } = await startSuite(server, input, { isRegistered: await server.isRegistered() });
  const { files } = await readReport(objects, server, await run.result());
  const attempts = files.flatMap((file) => file.attempts.map(({ outcome }) => outcome));
  return { runs: attempts.length, failures: attempts.filter((outcome) => outcome !== 'passed' && outcome !== 'noTests').length };
}
