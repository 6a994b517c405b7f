import { Command } from 'commander';
import { coverageJudge } from '../cli/coverage.js';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { allSuitesOf } from '../cli/with-suites.js';
import { readReportOf } from '../client/report.js';
import { EXIT } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { coverageText } from '../render/coverage.js';
import { exitCodeOfAll } from '../render/exit-code.js';
import { styleOf } from '../render/style.js';

/** `holdfast coverage`: merges what a finished run measured, which no command has waited for, and exits with the code of the run. */
export function coverageCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('coverage').description('merge the coverage of a finished run, write its reports and judge its thresholds'),
  ).argument('[RUN]', 'the runs started last here, if not given');
  return command.action(async (name: string | undefined) => {
    const settings = await allSuitesOf(io, command);
    await withServer(io, settings, async (server) => {
      const judge = coverageJudge({ settings, server, env: io.env, print: (text) => io.stdout.write(`${text}\n`) });
      const style = styleOf(terminalOf(io.stdout, io.env));
      const reports: SuiteReport[] = [];
      for (const run of await findRuns(name, settings, async () => server)) {
        const report = await judge(await readReportOf(run, settings.objects, async () => server));
        const text = coverageText(report, style) ?? 'no coverage was measured';
        io.stdout.write(`${run.suite}/${run.runId}: ${report.run.status}; coverage: ${text}\n`);
        reports.push(report);
      }
      io.setExitCode(reports.length === 0 ? EXIT.ok : exitCodeOfAll(reports));
    });
  });
}
